namespace PixelGameDev.Benchmarks.Processes;

/// <summary>Receives lines of several processes, each with the name of its source.</summary>
internal abstract class ProcessLog
{
    /// <summary>Receives a line from <paramref name="source"/> (<c>host</c>, <c>postgres</c>, <c>api</c>, <c>executor</c>).</summary>
    public abstract void Line(string source, string text);
}
