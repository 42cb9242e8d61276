using System.Runtime.InteropServices;

namespace PixelGameDev.Executor.Subprocess;

/// <summary>Provides the system calls that .NET lacks.</summary>
internal static partial class Posix
{
    private const int SigKill = 9;

    public static bool IsRoot { get; } = EffectiveUser() == 0;

    public static void ChangeOwner(string path, int user)
    {
        if (Chown(path, (uint)user, (uint)user) != 0)
        {
            throw new IOException($"chown {path}: error {Marshal.GetLastPInvokeError()}");
        }
    }

    public static void Kill(int process) => _ = SendSignal(process, SigKill);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Chown(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
