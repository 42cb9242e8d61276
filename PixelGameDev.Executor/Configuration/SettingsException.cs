namespace PixelGameDev.Executor.Configuration;

/// <summary>Reports why the Executor must not start. <see cref="Exception.Message"/> is text for the operator.</summary>
internal sealed class SettingsException(string message) : Exception(message);
