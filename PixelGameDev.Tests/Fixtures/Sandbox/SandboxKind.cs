namespace PixelGameDev.Tests.Fixtures.Sandbox;

/// <summary>The place where a test's game runs.</summary>
public enum SandboxKind
{
    /// <summary>GameHost as a plain process with the machine's own Python and pygame.</summary>
    Process,

    /// <summary>GameHost as process 1 of a locked-down container of the game image.</summary>
    Docker,
}
