namespace PixelGameDev.Api.Configuration;

/// <summary>Reports that the service cannot start. The message lists every invalid setting, but no secret.</summary>
internal sealed class ConfigurationException(IReadOnlyList<string> errors) : Exception(
    $"PixelGameDev.Api cannot start: {errors.Count} setting{(errors.Count == 1 ? " is" : "s are")} " +
        $"wrong.{string.Concat(errors.Select(error => $"{Environment.NewLine}  - {error}"))}")
{
    /// <summary>Returns one sentence for each invalid setting, which starts with the setting's name.</summary>
    public IReadOnlyList<string> Errors => errors;
}
