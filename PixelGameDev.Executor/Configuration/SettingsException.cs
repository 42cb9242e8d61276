namespace PixelGameDev.Executor.Configuration;

/// <summary>Says why the Executor must not start; <see cref="Exception.Message"/> is for the operator, ready to print.</summary>
internal sealed class SettingsException(string message) : Exception(message);
