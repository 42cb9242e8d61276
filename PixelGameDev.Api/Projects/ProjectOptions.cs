namespace PixelGameDev.Api.Projects;

/// <summary>The project limits that an operator sets. The other limits are constants of <see cref="ProjectLimits"/>.</summary>
/// <param name="MaxCodeBytes"><c>MAX_CODE_SIZE</c>: the maximum size of all Python files of one project in bytes.</param>
internal sealed record ProjectOptions(int MaxCodeBytes);
