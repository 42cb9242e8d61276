namespace PixelGameDev.Api.Configuration;

/// <summary>The service cannot start; the message lists every wrong setting, and no secret.</summary>
internal sealed class ConfigurationException(IReadOnlyList<string> errors) : Exception(
    $"PixelGameDev.Api cannot start: {errors.Count} setting{(errors.Count == 1 ? " is" : "s are")} " +
        $"wrong.{string.Concat(errors.Select(error => $"{Environment.NewLine}  - {error}"))}")
{
    /// <summary>One sentence for each wrong setting, starting with its name.</summary>
    public IReadOnlyList<string> Errors => errors;
}
