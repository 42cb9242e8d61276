using System.Globalization;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.HttpOverrides;
using PixelGameDev.Api.Access;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Administration;
using PixelGameDev.Api.Configuration;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Gallery;
using PixelGameDev.Api.Health;
using PixelGameDev.Api.History;
using PixelGameDev.Api.History.Objects;
using PixelGameDev.Api.Links;
using PixelGameDev.Api.Moderation;
using PixelGameDev.Api.Pages;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Projects.Zip;
using PixelGameDev.Api.Recordings;
using PixelGameDev.Api.SavedFiles;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;
using PixelGameDev.Api.Security.Oidc;
using PixelGameDev.Api.Sessions;
using PixelGameDev.Api.Storage;
using PixelGameDev.Api.Watching;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Api;

/// <summary>Starts the Api on port 5000, which serves the page, accounts, projects and sessions.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (HealthProbe.IsAsked(args))
        {
            return await HealthProbe.RunAsync(defaultPort: 5000);
        }

        WebApplication app;
        try
        {
            app = Build(args);
        }
        catch (ConfigurationException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }

        if (app.Configuration[MakeAdmin.Setting] is { Length: > 0 } name)
        {
            await using (app)
            {
                return await MakeAdmin.RunAsync(app.Services, name);
            }
        }

        if (app.Configuration[DemoData.Setting] is { Length: > 0 } number)
        {
            await using (app)
            {
                return await DemoData.RunAsync(app.Services, number);
            }
        }

        if (app.Configuration[CleanUp.Setting] is { Length: > 0 })
        {
            await using (app)
            {
                return await CleanUp.RunAsync(app.Services);
            }
        }

        if (app.Configuration[BringBackHistory.Setting] is { Length: > 0 })
        {
            await using (app)
            {
                return await BringBackHistory.RunAsync(app.Services);
            }
        }

        ServicePriority.Raise();
        await app.RunAsync();
        return Environment.ExitCode;
    }

    /// <summary>Builds the application without starting it.</summary>
    /// <exception cref="ConfigurationException">A setting is missing or invalid.</exception>
    internal static WebApplication Build(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(ConfigurationFiles.ReadOnce(args));
        ApiOptions options = ApiOptionsReader.Read(builder.Configuration, builder.Environment);

        builder.AddServiceDefaults();
        builder.ListenForPrometheus();
        builder.AddPostgres();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // No JSON request is larger. Saving a file raises this limit for itself.
            kestrel.Limits.MaxRequestBodySize = RequestBudgets.SmallBody;
        });
        // HostCheck does it.
        builder.Services.Configure<HostFilteringOptions>(filter => filter.AllowedHosts = ["*"]);
        builder.Services.AddSingleton<HostCheck>();
        builder.Services.AddSingleton<RequestBudgets>();
        builder.Services.AddSingleton<LargeAnswers>();
        builder.Services.AddSingleton<ExportPlaces>();

        builder.Services.AddApiOptions(options);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<DatabaseMigrator>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<DatabaseMigrator>());
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders =
                ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            foreach (System.Net.IPNetwork network in options.Proxies.Known)
            {
                forwarded.KnownIPNetworks.Add(network);
            }
        });
        builder.Services.AddProblemHandling();
        builder.Services.AddOpenApiWithProblems();
        builder.Services.AddRateLimits(options.Rates);
        builder.Services.AddAccountAuthentication();
        builder.Services.AddOidc(options.Oidc, options.Tokens);
        builder.Services.AddSingleton<AccessPolicy>();
        builder.Services.AddAccounts();
        builder.Services.AddAdministration();
        builder.Services.AddStorage();
        builder.Services.AddProjects();
        builder.Services.AddSavedFiles();
        builder.Services.AddHistory();
        builder.Services.AddBlobStore(options.Objects);
        builder.Services.AddRecordings();
        builder.Services.AddLinks();
        builder.Services.AddGallery();
        builder.Services.AddModeration();
        builder.Services.AddSessions();
        builder.Services.AddWatching();
        builder.Services.AddHealth(options.Executors);
        builder.Services.AddPages();

        WebApplication app = builder.Build();
        // An invalid template fails the start, not the first visit.
        _ = app.Services.GetRequiredService<TemplateCatalog>();

        app.UsePrometheus();
        app.UseForwardedHeaders();
        app.UseSecurityHeaders();
        app.UseProblemHandling();
        HostCheck hosts = app.Services.GetRequiredService<HostCheck>();
        app.Use((context, next) => hosts.IsAllowed(context.Request) ? next(context) : throw HostCheck.Refusal());
        app.UseUtf8Json();
        app.UseOriginCheck();
        app.UseRouting();
        app.UsePages();
        app.UseAddressLimit(options.Rates);
        app.UseWebSockets();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimits(options.Rates);

        app.MapDefaultEndpoints();
        app.MapOpenApi().AllowAnonymous().ShortCircuit();
        app.MapHealthApi();
        app.MapAccountsApi();
        app.MapAdministrationApi();
        app.MapProjectsApi();
        app.MapTrashApi();
        app.MapSavedFilesApi();
        app.MapZipApi();
        app.MapHistoryApi();
        app.MapRecordingsApi();
        app.MapLinksApi();
        app.MapPlayApi();
        app.MapLinkPages();
        app.MapGalleryApi();
        app.MapModerationApi();
        app.MapSessionsApi();
        app.MapWatchApi();
        return app;
    }
}
