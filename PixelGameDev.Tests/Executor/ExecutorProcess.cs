using System.Diagnostics;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.Tests.Executor;

/// <summary>Runs the Executor as a process with an environment of the test.</summary>
internal static class ExecutorProcess
{
    public static Process Start(Dictionary<string, string?> environment, params string[] arguments)
    {
        ProcessStartInfo start = new(Tool.Dotnet, [typeof(PixelGameDev.Executor.ExecutorApp).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Find().Project("PixelGameDev.Executor"),
        };
        foreach (string ours in (string[])["FORCE_DOCKER_EXECUTION", "EXECUTOR_SECRET_KEY", "FLASK_SECRET_KEY", "DOCKER_HOST",
            "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT"])
        {
            start.Environment.Remove(ours);
        }

        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
