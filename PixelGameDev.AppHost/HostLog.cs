namespace PixelGameDev.AppHost;

/// <summary>Lines of several processes, each with the name of who wrote it.</summary>
internal abstract class HostLog
{
    /// <summary>A line from <paramref name="source"/> (<c>host</c>, <c>postgres</c>, <c>api</c>, <c>executor</c>).</summary>
    public abstract void Line(string source, string text);
}

/// <summary>Writes to the terminal, in colours where it is one and <c>NO_COLOR</c> does not forbid.</summary>
internal sealed class ConsoleLog : HostLog
{
    private readonly Lock writing = new();
    private readonly bool coloured =
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public override void Line(string source, string text)
    {
        string name = source.PadRight(8);
        lock (writing)
        {
            Console.Out.WriteLine(coloured ? $"\e[{Colour(source)}m{name} │\e[0m {text}" : $"{name} | {text}");
        }
    }

    private static string Colour(string source) => source switch
    {
        "api" => "32",
        "executor" => "35",
        "postgres" => "36",
        _ => "33",
    };
}
