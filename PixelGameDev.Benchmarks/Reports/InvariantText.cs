using System.Globalization;
using System.Runtime.CompilerServices;

namespace PixelGameDev.Benchmarks.Reports;

/// <summary>
/// Builds an interpolated text with numbers in the invariant culture. Unlike <see cref="FormattableString"/> it also accepts a long text
/// that is joined from several parts.
/// </summary>
[InterpolatedStringHandler]
internal ref struct InvariantText(int literalLength, int formattedCount)
{
    private DefaultInterpolatedStringHandler _text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);

    /// <summary>Returns the whole text. Call it once.</summary>
    public string Build() => _text.ToStringAndClear();

    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    public void AppendFormatted<T>(T value, int alignment = 0, string? format = null) => _text.AppendFormatted(value, alignment, format);

    public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

    public void AppendFormatted(object? value) => _text.AppendFormatted(value);
}
