using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.AppHost.Running;

namespace PixelGameDev.AppHost.Commands;

/// <summary>
/// Adds the dashboard commands of the services. Each command runs the service's own program again with the service's environment, as an
/// operator does in a container (<c>PixelGameDev.Executor drain</c>), and shows its output.
/// </summary>
internal static partial class ServiceCommands
{
    public const string DemoData = "demo-data";
    public const string Prewarm = "prewarm";
    public const string Drain = "drain";
    public const string Resume = "resume";
    public const string HostilePrograms = "hostile-programs";

    /// <summary>The name of the argument of <see cref="DemoData"/> and <see cref="Prewarm"/>.</summary>
    public const string Count = "count";

    /// <summary>The name of the argument of <see cref="HostilePrograms"/>.</summary>
    public const string Tests = "tests";

    public static void AddCommands(this IResourceBuilder<ProjectResource> service, Installation installation)
    {
        if (service.Resource.Name == "api")
        {
            service.Add(DemoData, "Make demo data", installation, static arguments =>
                ["--demo-data", arguments.GetString(Count)!], new CommandOptions
                {
                    Description = "Makes accounts \"Demo 1\", \"Demo 2\" … with a project of every template, and shows their passwords.",
                    IconName = "PeopleAdd",
                    Arguments = [Number("Accounts", "5")],
                    Progress = new CommandProgressOptions { Message = "Accounts are being made …" },
                });
            return;
        }

        service.Add(Prewarm, "Warm sandboxes", installation, static arguments => ["prewarm", arguments.GetString(Count)!], new()
        {
            Description = "Keeps this many sandboxes warm for the next five minutes, for example before a class presses Run.",
            IconName = "Fire",
            Arguments = [Number("Sandboxes", "10")],
            Progress = new CommandProgressOptions { Message = "Sandboxes are being started …" },
        });
        service.Add(Drain, "Take no new games", installation, static _ => ["drain"], new CommandOptions
        {
            Description = "Takes no new games, for example before maintenance. Games that are running go on.",
            IconName = "PauseCircle",
        });
        service.Add(Resume, "Take games again", installation, static _ =>
            ["resume"], new CommandOptions { Description = "Ends \"Take no new games\".", IconName = "PlayCircle" });
        service.WithCommand(HostilePrograms, "Attack the sandbox", context => AttackAsync(context, installation), new CommandOptions
        {
            Description =
                "Runs the hostile programs of the tests against sandboxes of this machine, each with its proof; about six minutes.",
            IconName = "ShieldTask",
            Arguments = [new InteractionInput { Name = Tests, Label = "Only tests whose name contains", InputType = InputType.Text,
                Placeholder = "all" }],
            Progress = new CommandProgressOptions { Message = "Hostile programs run; the log of this resource shows each." },
        });
    }

    private static InteractionInput Number(string label, string value) =>
        new() { Name = Count, Label = label, InputType = InputType.Number, Required = true, Value = value, Description = "1 to 100" };

    private static void Add(
        this IResourceBuilder<ProjectResource> service, string name, string title, Installation installation,
        Func<InteractionInputCollection, string[]> arguments, CommandOptions options)
    {
        options.UpdateState = WhileItRuns;
        service.WithCommand(
            name, title, context => RunAsync(service.Resource, installation, arguments(context.Arguments), context), options);
    }

    private static ResourceCommandState WhileItRuns(UpdateCommandStateContext context) =>
        context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;

    private static async Task<ExecuteCommandResult> RunAsync(
        ProjectResource service, Installation installation, string[] arguments, ExecuteCommandContext context)
    {
        IExecutionConfigurationResult configuration = await ExecutionConfigurationBuilder.Create(service)
            .WithEnvironmentVariablesConfig()
            .BuildAsync(context.Services.GetRequiredService<DistributedApplicationExecutionContext>(), context.Logger,
                context.CancellationToken);
        string project = Path.GetFileNameWithoutExtension(service.GetProjectMetadata().ProjectPath);
        return await ShowAsync(
            [Tool.Dotnet, installation.Repository.Assembly(project), .. arguments], context, installation.Repository.Project(project),
            configuration.EnvironmentVariables);
    }

    private static Task<ExecuteCommandResult> AttackAsync(ExecuteCommandContext context, Installation installation)
    {
        const string tests = "PixelGameDev.Tests";
        string filter = "FullyQualifiedName~Sandbox.Hostile" +
            (context.Arguments.GetString(Tests) is { Length: > 0 } part ? $"&FullyQualifiedName~{part}" : "");
        try
        {
            return ShowAsync(
                [Tool.Dotnet, "test", installation.Repository.Assembly(tests), "--filter", filter], context, installation.Repository.Root);
        }
        catch (HostException missing)
        {
            return Task.FromResult(CommandResults.Failure(missing.Message));
        }
    }

    /// <summary>
    /// Runs a program, copies its output to the log of the resource, and returns the output as the result of the command.
    /// </summary>
    private static async Task<ExecuteCommandResult> ShowAsync(
        IReadOnlyList<string> command, ExecuteCommandContext context, string directory,
        IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        (int code, string output) = await Tool.RunAsync(
            command, context.CancellationToken, directory, onLine: line => LogLine(context.Logger, line), environment: environment);
        string last = output.Split('\n')[^1];
        return code == 0
            ? CommandResults.Success(last, output, CommandResultFormat.Text, displayImmediately: output != last)
            : CommandResults.Failure(last, output);
    }

    [LoggerMessage(LogLevel.Information, "{Line}")]
    private static partial void LogLine(ILogger logger, string line);
}
