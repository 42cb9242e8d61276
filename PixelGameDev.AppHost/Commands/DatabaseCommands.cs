using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using PixelGameDev.AppHost.Postgres;
using PixelGameDev.AppHost.Running;

namespace PixelGameDev.AppHost.Commands;

/// <summary>Adds the dashboard commands of the embedded database: back up and restore.</summary>
internal static class DatabaseCommands
{
    public const string BackUp = "back-up";
    public const string Restore = "restore";

    /// <summary>The name of the argument of both commands.</summary>
    public const string Name = "name";

    public static IResourceBuilder<LocalPostgres> WithBackups(this IResourceBuilder<LocalPostgres> postgres, ClusterBackups backups)
    {
        postgres.WithCommand(BackUp, "Back up", context => BackUpAsync(postgres.Resource, backups, context), new CommandOptions
        {
            Description = "Copies the whole database to a file, while people go on working.",
            IconName = "ArrowDownload",
            UpdateState = static context => context.ResourceSnapshot.HealthStatus == HealthStatus.Healthy ? ResourceCommandState.Enabled
                : ResourceCommandState.Disabled,
            Arguments = [new InteractionInput { Name = Name, Label = "Name", InputType = InputType.Text, Placeholder = "the time" }],
            Progress = new CommandProgressOptions { Message = "The database is being copied …" },
        });
        return postgres.WithCommand(Restore, "Restore", context => RestoreAsync(postgres.Resource, backups, context), new CommandOptions
        {
            Description = "Brings the database back as it was in a backup. The page is away for some seconds.",
            IconName = "ArrowUpload",
            ConfirmationMessage =
                "Everything that people have made since the backup will be gone from the page. The database as it is now is kept beside " +
                "it, until the next restore. Go on?",
            Arguments =
            [
                new InteractionInput
                {
                    Name = Name, Label = "Backup", InputType = InputType.Choice, Required = true,
                    DynamicLoading = new InputLoadOptions
                    {
                        AlwaysLoadOnStart = true,
                        LoadCallback = context =>
                        {
                            context.Input.Options = [.. backups.List().Select(static name => KeyValuePair.Create(name, name))];
                            return Task.CompletedTask;
                        },
                    },
                },
            ],
            Progress = new CommandProgressOptions { Message = "The database is being restored …", HideCancelButton = true },
        });
    }

    private static async Task<ExecuteCommandResult> BackUpAsync(
        LocalPostgres postgres, ClusterBackups backups, ExecuteCommandContext context)
    {
        try
        {
            string connection = await ((IResourceWithConnectionString)postgres).GetConnectionStringAsync(context.CancellationToken) ?? "";
            string file = await backups.SaveAsync(connection, context.Arguments.GetString(Name), context.CancellationToken);
            return CommandResults.Success($"The database was copied to {file}");
        }
        catch (Exception error) when (error is HostException or NpgsqlException or IOException)
        {
            return CommandResults.Failure($"The backup failed: {error.Message}");
        }
    }

    private static async Task<ExecuteCommandResult> RestoreAsync(
        LocalPostgres postgres, ClusterBackups backups, ExecuteCommandContext context)
    {
        string name = context.Arguments.GetString(Name) ?? "";
        ResourceCommandService commands = context.Services.GetRequiredService<ResourceCommandService>();
        ResourceNotificationService notifications = context.Services.GetRequiredService<ResourceNotificationService>();
        if (!backups.List().Contains(name))
        {
            return CommandResults.Failure(
                $"There is no backup \"{name}\"; there are: {string.Join(", ", backups.List().DefaultIfEmpty("none"))}.");
        }

        // The restore continues even if the dashboard is closed.
        DateTime? started = notifications.StartOf(postgres.Name);
        await commands.ExecuteCommandAsync(postgres, KnownResourceCommands.StopCommand, CancellationToken.None);
        await notifications.WaitForResourceAsync(postgres.Name, KnownResourceStates.TerminalStates, CancellationToken.None);
        string? failure = null;
        try
        {
            await backups.RestoreAsync(name, CancellationToken.None);
        }
        catch (Exception error) when (error is HostException or IOException or UnauthorizedAccessException)
        {
            failure = error.Message;
        }

        try
        {
            await commands.ExecuteCommandAsync(postgres, KnownResourceCommands.StartCommand, CancellationToken.None);
            await notifications.WaitUntilHealthyAgainAsync(postgres.Name, started);
            // The start of the Api upgrades a backup of an earlier version.
            started = notifications.StartOf("api");
            await commands.ExecuteCommandAsync("api", KnownResourceCommands.RestartCommand, CancellationToken.None);
            await notifications.WaitUntilHealthyAgainAsync("api", started);
        }
        catch (TimeoutException error)
        {
            return CommandResults.Failure($"{failure ?? $"The database is as it was in \"{name}\"."} {error.Message}");
        }

        return failure is null
            ? CommandResults.Success($"The database is as it was in \"{name}\".")
            : CommandResults.Failure($"The database is as it was before: {failure}");
    }
}
