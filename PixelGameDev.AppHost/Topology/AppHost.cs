namespace PixelGameDev.AppHost.Topology;

/// <summary>
/// PixelGameDev as an Aspire application: read it from top to bottom as the picture of the system. The same description runs for
/// development (with the dashboard) and is published as the manifest, as Compose files and as a Kubernetes chart.
/// <code>
/// browser ──▶ api :5000 ──▶ executor :5001 ──▶ sandboxes        start order: postgres, api, executor,
///               └──▶ postgres :5432                             each when the one before is healthy
/// </code>
/// </summary>
internal static class DistributedSystem
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--help"] or ["-h"])
        {
            Console.WriteLine(Settings.Usage);
            return 0;
        }

        IDistributedApplicationBuilder builder = DistributedApplication.CreateBuilder(args);
        Settings settings = new(builder);
        DeploymentTarget target = DeploymentTarget.Choose(builder, settings);

        // Secrets: in development made once and kept, the same ones ProcessHost uses. Nothing published ever holds a value.
        IResourceBuilder<ParameterResource> postgresPassword = settings.Secret("POSTGRES_PASSWORD");
        IResourceBuilder<ParameterResource> jwtSecret = settings.Secret("JWT_SECRET");
        IResourceBuilder<ParameterResource> executorKey = settings.Secret("EXECUTOR_SECRET_KEY");

        // A connection string of the user's own, else a container, else, without a container runtime, the embedded server.
        await using Database database = Database.Add(builder, settings, postgresPassword, target);

        // The only part that people reach, and the only one that knows the database.
        IResourceBuilder<ProjectResource> api = builder.AddProject<Projects.PixelGameDev_Api>("api", NoLaunchProfile)
            .DisableForwardedHeaders()
            .WithHttpEndpoint(settings.Port, settings.Port, isProxied: false)
            .WithExternalHttpEndpoints()
            .WithHttpHealthCheck("/health")
            .WithEnvironment("JWT_SECRET", jwtSecret)
            .WithEnvironment("EXECUTOR_SECRET_KEY", executorKey)
            .WithEnvironment("KNOWN_PROXIES", settings.KnownProxies)
            .WithEnvironment("LOG_LEVEL", settings.LogLevel);
        settings.GiveToApi(api);
        database.GiveTo(api);
        target.AddApi(api);

        // The only part that reaches Docker. Each is a resource of its own, never a replica behind a shared address: a session
        // lives in the Executor that started it.
        for (int index = 0; index < settings.Executors; index++)
        {
            string name = index == 0 ? "executor" : $"executor-{index + 1}";
            int port = settings.ExecutorPort + index;
            IResourceBuilder<ProjectResource> executor = builder.AddProject<Projects.PixelGameDev_Executor>(name, NoLaunchProfile)
                .DisableForwardedHeaders()
                .WithHttpEndpoint(port, port, isProxied: false)
                .WithHttpHealthCheck("/health")
                .WaitFor(api)
                .WithEnvironment("EXECUTOR_SECRET_KEY", executorKey)
                .WithEnvironment("EXECUTOR_ID", settings.Publishing ? name : $"{name}-{settings.Data.ShortName}")
                .WithEnvironment("LOG_LEVEL", settings.LogLevel);
            settings.GiveToExecutor(executor);
            api.WithEnvironment($"services__{name}__http__0", executor.GetEndpoint("http"));
            target.AddExecutor(executor, port);
        }

        if (!settings.Publishing)
        {
            // Launch profiles are for one service alone; here the AppHost says in which environment all of it runs.
            foreach (ProjectResource service in builder.Resources.OfType<ProjectResource>())
            {
                builder.CreateResourceBuilder(service).WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName);
            }
        }

        await using DistributedApplication application = builder.Build();
        if (!settings.Publishing)
        {
            await Preparation.EnsureAsync(Repository.Find(), new ConsoleLog(), CancellationToken.None);
        }

        await application.RunAsync();
        return 0;
    }

    private static void NoLaunchProfile(ProjectResourceOptions options) => options.ExcludeLaunchProfile = true;
}
