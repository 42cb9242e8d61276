namespace PixelGameDev.Api.Projects;

/// <summary>Limits of a project that an operator sets; the others are constants of <see cref="ProjectLimits"/>.</summary>
/// <param name="MaxCodeBytes"><c>MAX_CODE_SIZE</c>: bytes of all Python files of one project.</param>
internal sealed record ProjectOptions(int MaxCodeBytes);
