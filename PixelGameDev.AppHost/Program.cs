using Microsoft.Extensions.DependencyInjection;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Publishing;
using PixelGameDev.AppHost.Running;
using PixelGameDev.AppHost.Topology;
using IHostApplicationLifetime = Microsoft.Extensions.Hosting.IHostApplicationLifetime;

// PixelGameDev as an Aspire application. The same description runs for development (with the dashboard) and is published as the manifest,
// as Compose files and as a Kubernetes chart.
//
//   browser ──▶ api :5000 ──▶ executor :5001 ──▶ sandboxes        start order: postgres, api, executor,
//                 └──▶ postgres                                   each when the previous part is healthy

if (args is ["--help"] or ["-h"])
{
    Console.WriteLine(HostOptions.Usage);
    return 0;
}

// Configuration files are read once. The watch for changes would take the whole directory tree in which this program was started, here
// and in each program that it starts.
Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");

try
{
    // The options, ports and data of this machine; null when Aspire only writes files.
    using Installation? installation = HostOptions.ArePublishing(args) ? null : await Installation.PrepareAsync(HostOptions.Parse(args));
    IDistributedApplicationBuilder builder = installation?.CreateBuilder() ?? DistributedApplication.CreateBuilder(args);
    Settings settings = new(builder, installation);
    DeploymentTarget target = DeploymentTarget.Choose(builder, settings);

    // Secrets are generated once and stored in the data directory. Published files never contain their values.
    IResourceBuilder<ParameterResource> postgresPassword = settings.Secret("POSTGRES_PASSWORD");
    IResourceBuilder<ParameterResource> jwtSecret = settings.Secret("JWT_SECRET");
    IResourceBuilder<ParameterResource> executorKey = settings.Secret("EXECUTOR_SECRET_KEY");
    IResourceBuilder<ParameterResource> setupCode = settings.OptionalSecret(Settings.SetupCode);

    Database database = Database.Add(builder, settings, postgresPassword, target);

    // The only part that people can reach, and the only one with access to the database.
    IResourceBuilder<ProjectResource> api = builder.AddService<Projects.PixelGameDev_Api>("api", settings.Port, installation)
        .WithExternalHttpEndpoints()
        .WithEnvironment("JWT_SECRET", jwtSecret)
        .WithEnvironment(Settings.SetupCode, setupCode)
        .WithEnvironment("EXECUTOR_SECRET_KEY", executorKey);
    settings.GiveToApi(api);
    database.GiveTo(api);
    target.AddApi(api);

    // The only part with access to Docker. Each Executor is a separate resource, never a replica behind a shared address: a session exists
    // only in the Executor that started it.
    foreach ((string name, int port) in settings.Executors)
    {
        IResourceBuilder<ProjectResource> executor = builder.AddService<Projects.PixelGameDev_Executor>(name, port, installation)
            .WaitFor(api)
            .WithEnvironment("EXECUTOR_SECRET_KEY", executorKey)
            .WithEnvironment("EXECUTOR_ID", settings.ExecutorId(name));
        settings.GiveToExecutor(executor);
        api.WithEnvironment($"services__{name}__http__0", executor.GetEndpoint("http"));
        target.AddExecutor(executor, port);
    }

    await using DistributedApplication application = builder.Build();
    IHostApplicationLifetime lifetime = application.Services.GetRequiredService<IHostApplicationLifetime>();
    try
    {
        await application.RunAsync();
    }
    catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
    {
        // Somebody stopped it while it started, or a part could not be started.
    }

    return Installation.ExitCode;
}
catch (HostException error)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
