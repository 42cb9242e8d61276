using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.Benchmarks.Processes;

namespace PixelGameDev.Tests.Host;

/// <summary>Tests the <c>./pixel</c> command: its help, and one sentence for each mistake.</summary>
public sealed class PixelCommandTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("run", "--help")]
    [InlineData("test", "--help")]
    [InlineData("coverage", "--help")]
    [InlineData("bench", "--help")]
    [InlineData("doctor", "--help")]
    [InlineData("image", "--help")]
    [InlineData("publish", "--help")]
    public async Task Every_command_has_help(params string[] arguments)
    {
        (int code, string output) = await PixelAsync(arguments);

        Assert.Equal(0, code);
        Assert.Contains("Usage: ./pixel", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'start' is no command of ./pixel; ./pixel --help lists them.", "start")]
    [InlineData("'--prot' is no option of ./pixel run; ./pixel run --help shows them.", "run", "--prot")]
    [InlineData("--port needs a value; ./pixel run --help shows the options.", "run", "--port")]
    [InlineData("'-x' is no option of ./pixel test; ./pixel test --help shows its use.", "test", "-x")]
    [InlineData("'-x' is no option of ./pixel coverage; ./pixel coverage --help shows its use.", "coverage", "-x")]
    [InlineData("'--all' is no option of ./pixel doctor; it has none.", "doctor", "--all")]
    public async Task A_mistake_is_one_sentence_and_an_error(string sentence, params string[] arguments)
    {
        (int code, string output) = await PixelAsync(arguments);

        Assert.Equal(1, code);
        Assert.Equal(sentence, output);
    }

    [Theory]
    [InlineData("node", "Node.js 20.19 or newer with npm is missing: install it as https://nodejs.org/en/download describes.")]
    [InlineData("dotnet",
        "The .NET SDK 10 is missing: install it as https://dotnet.microsoft.com/download describes (Ubuntu: apt install dotnet-sdk-10.0).")]
    public async Task A_missing_tool_is_one_sentence_with_where_to_get_it(string tool, string sentence)
    {
        using Fixtures.TestDirectory directory = new();
        // A PATH that contains everything except one tool.
        foreach (string name in (string[])["/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin", Path.GetDirectoryName(Tool.Dotnet)!])
        {
            foreach (string program in Directory.Exists(name) ? Directory.GetFiles(name) : [])
            {
                string link = Path.Combine(directory.Path, Path.GetFileName(program));
                if (Path.GetFileName(program) != tool && !File.Exists(link))
                {
                    File.CreateSymbolicLink(link, program);
                }
            }
        }

        (int code, string output) = await PixelAsync(["test"], new Dictionary<string, string?> { ["PATH"] = directory.Path });

        Assert.Equal(1, code);
        Assert.Equal(sentence, output);
    }

    private static async Task<(int ExitCode, string Output)> PixelAsync(string[] arguments, Dictionary<string, string?>? environment = null)
    {
        using CancellationTokenSource limit = new(Fixtures.Eventually.Limit);
        return await ManagedProcess.RunAsync(
            new ProcessSpec("/bin/bash", [Path.Combine(Repository.Find().Root, "pixel"), .. arguments]) { Environment = environment ?? [] },
            limit.Token);
    }
}
