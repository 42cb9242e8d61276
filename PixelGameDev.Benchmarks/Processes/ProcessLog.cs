namespace PixelGameDev.Benchmarks.Processes;

/// <summary>Lines of several processes, each with the name of who wrote it.</summary>
internal abstract class ProcessLog
{
    /// <summary>A line from <paramref name="source"/> (<c>host</c>, <c>postgres</c>, <c>api</c>, <c>executor</c>).</summary>
    public abstract void Line(string source, string text);
}
