using Microsoft.AspNetCore.Mvc;
using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Docker;
using PixelGameDev.Executor.Health;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Operations;
using PixelGameDev.Executor.Pool;
using PixelGameDev.Executor.Processors;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Executor.Sessions;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Executor;

/// <summary>Builds and starts the Executor; tests start it the same way.</summary>
internal static class ExecutorApp
{
    private const int DefaultPort = 5001;
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(20);

    /// <summary>Runs the Executor, or one of its commands; returns the process's exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            if (args is ["image", .. string[] rest])
            {
                return await ImageCommand.RunAsync(rest);
            }

            if (args is ["--health", ..])
            {
                return await HealthProbe.RunAsync(DefaultPort);
            }

            if (OperatorCommand.Matches(args))
            {
                return await OperatorCommand.RunAsync(args, DefaultPort);
            }

            ServicePriority.Raise();
            await using WebApplication app = Build(args);
            await StartAsync(app);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (SettingsException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return 1;
        }
        catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync(
                $"{taken.Message} Another Executor may be running; stop it or choose another port with ASPNETCORE_URLS.");
            return 1;
        }
    }

    /// <param name="args">Command line.</param>
    /// <param name="configure">Before the settings are read.</param>
    /// <param name="replace">After all services are registered; a test may give its own kind of sandbox, or its own clock.</param>
    /// <exception cref="SettingsException">The settings are wrong.</exception>
    public static WebApplication Build(
        string[] args, Action<WebApplicationBuilder>? configure = null, Action<IServiceCollection>? replace = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        configure?.Invoke(builder);
        ExecutorOptions options = ExecutorSettings.Read(builder.Configuration, builder.Environment);

        builder.AddServiceDefaults();
        UseDefaultAddress(builder);
        builder.ListenForPrometheus();
        builder.Services.AddProblemDetails(static problems => problems.CustomizeProblemDetails = static context =>
            NameProblem(context.ProblemDetails));
        // In development too, a body that cannot be read is the caller's mistake, 400, not an exception of ours.
        builder.Services.Configure<RouteHandlerOptions>(static handlers => handlers.ThrowOnBadRequest = false);
        builder.Services.AddServiceTokens(options);
        builder.Services.AddSandboxes(options);
        builder.Services.AddSessions();
        builder.Services.AddSingleton<Incarnation>();
        builder.Services.AddHealthChecks()
            .AddCheck<SystemHealthCheck>("system")
            .AddCheck<ExecutorHealthCheck>("executor", tags: [ServiceDefaultsExtensions.MemoryTag]);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTime);

        replace?.Invoke(builder.Services);

        WebApplication app = builder.Build();
        app.UsePrometheus();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseUtf8Json();
        app.UseIncarnation();
        app.UseAuthentication();
        app.UseAuthorization();
        // A page that vanished without closing its connection is noticed within half a minute.
        app.UseWebSockets(new WebSocketOptions
        {
            KeepAliveInterval = TimeSpan.FromSeconds(15),
            KeepAliveTimeout = TimeSpan.FromSeconds(15)
        });
        app.MapDefaultEndpoints();
        app.MapHealth();
        app.MapSessions();
        app.MapOperations();
        return app;
    }

    /// <summary>Decides the kind of sandbox, then starts to listen.</summary>
    /// <exception cref="SettingsException">No kind that is allowed is available.</exception>
    public static async Task StartAsync(WebApplication app)
    {
        await app.Services.GetRequiredService<SandboxKindSelector>().DecideAsync(CancellationToken.None);
        await app.StartAsync();
    }

    private static void AddSandboxes(this IServiceCollection services, ExecutorOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new SystemNumbers("/", Path.GetTempPath()));
        services.AddSingleton<DockerConnection>();
        services.AddSingleton<GameImage>();
        services.AddSingleton<SandboxLabels>();
        services.AddSingleton<SandboxRegistry>();
        services.AddSingleton(provider =>
        {
            LinkRoot.RemoveLeftovers(options.LinkDirectory, provider.GetRequiredService<TimeProvider>());
            return LinkRoot.Create(options.LinkDirectory);
        });
        services.AddSingleton<SandboxKindSelector>();
        services.AddSingleton(static provider => provider.GetRequiredService<SandboxKindSelector>().Factory);
        services.AddHostedService<DockerServices>();
        services.AddSingleton<WarmPool>();
        services.AddHostedService(static provider => provider.GetRequiredService<WarmPool>());
    }

    private static void AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<CpuFairness>();
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<SessionManager>();
        services.AddHostedService(static provider => provider.GetRequiredService<SessionManager>());
        services.AddSingleton<ExecutorHealth>();
    }

    /// <summary>Adds a code to what is refused before an endpoint is reached: a body too large, no token, no such address.</summary>
    private static void NameProblem(ProblemDetails problem)
    {
        if (problem.Extensions.ContainsKey("code"))
        {
            return;
        }

        (string code, string? title) = problem.Status switch
        {
            StatusCodes.Status400BadRequest => ("bad_request", null),
            StatusCodes.Status401Unauthorized => ("no_service_token", null),
            StatusCodes.Status404NotFound => ("not_found", null),
            StatusCodes.Status405MethodNotAllowed => ("wrong_method", null),
            StatusCodes.Status413PayloadTooLarge => ("project_too_large", "The project is too large."),
            StatusCodes.Status415UnsupportedMediaType => ("not_json", null),
            _ => ("internal_error", (string?)null),
        };
        problem.Extensions["code"] = code;
        problem.Title = title ?? problem.Title;
    }

    private static void UseDefaultAddress(WebApplicationBuilder builder)
    {
        ConfigurationManager configuration = builder.Configuration;
        if (configuration["urls"] is null && configuration["http_ports"] is null && configuration["https_ports"] is null
            && !configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            // In development only this machine may connect; in production the deployment has a network of its own.
            string host = builder.Environment.IsDevelopment() ? "127.0.0.1" : "0.0.0.0";
            builder.WebHost.UseUrls($"http://{host}:{DefaultPort}");
        }
    }
}
