using System.Globalization;
using System.Runtime.CompilerServices;

namespace PixelGameDev.Tests.Fixtures;

/// <summary>Formats numbers the same way on every machine, as the services do.</summary>
internal static class CultureOfNoCountry
{
    [ModuleInitializer]
    internal static void Use() => CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
}
