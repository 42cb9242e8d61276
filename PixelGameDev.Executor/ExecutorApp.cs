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

/// <summary>Builds and starts the Executor. Tests start it in the same way.</summary>
internal static class ExecutorApp
{
    private const int DefaultPort = 5001;
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(20);

    /// <summary>Runs the Executor or one of its commands. Returns the exit code of the process.</summary>
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

    /// <param name="args">The command line.</param>
    /// <param name="configure">Called before the settings are read.</param>
    /// <param name="replace">Called after all services are registered. A test can replace the kind of sandbox or the clock.</param>
    /// <exception cref="SettingsException">A setting is invalid.</exception>
    public static WebApplication Build(
        string[] args, Action<WebApplicationBuilder>? configure = null, Action<IServiceCollection>? replace = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(ConfigurationFiles.ReadOnce(args));
        configure?.Invoke(builder);
        ExecutorOptions options = ExecutorSettings.Read(builder.Configuration, builder.Environment);

        builder.AddServiceDefaults();
        UseDefaultAddress(builder);
        builder.ListenForPrometheus();
        builder.Services.AddProblemDetails(static problems => problems.CustomizeProblemDetails = static context =>
            NameProblem(context.ProblemDetails));
        // An unreadable body is an error of the caller (400), in development, too.
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
        // This detects within half a minute that a page has disappeared without closing its connection.
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

    /// <summary>Decides the kind of sandbox and then starts to listen.</summary>
    /// <exception cref="SettingsException">No allowed kind is available.</exception>
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

    /// <summary>
    /// Adds a code to a request that is refused before it reaches an endpoint: the body is too large, the token is missing, or the address
    /// is unknown.
    /// </summary>
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
            // In development only this machine may connect. In production the deployment provides a separate network.
            string host = builder.Environment.IsDevelopment() ? "127.0.0.1" : "0.0.0.0";
            builder.WebHost.UseUrls($"http://{host}:{DefaultPort}");
        }
    }
}
