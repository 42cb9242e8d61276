using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using PixelGameDev.Api.Security;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that a website that points its own name at this server is refused.</summary>
public sealed class HostCheckTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("evil.example", null, HttpStatusCode.BadRequest)]
    [InlineData("localhost.evil.example", null, HttpStatusCode.BadRequest)]
    [InlineData("127.0.0.1.evil.example", null, HttpStatusCode.BadRequest)]
    // A script on the page of that name may send this header. It comes from this machine, as a proxy's request would.
    [InlineData("evil.example", "localhost", HttpStatusCode.BadRequest)]
    [InlineData("localhost", "evil.example", HttpStatusCode.BadRequest)]
    [InlineData("localhost:5000", null, HttpStatusCode.OK)]
    [InlineData("pixel.localhost", null, HttpStatusCode.OK)]
    [InlineData("127.0.0.1:5000", null, HttpStatusCode.OK)]
    [InlineData("[::1]:5000", null, HttpStatusCode.OK)]
    [InlineData("192.168.1.20:5000", null, HttpStatusCode.OK)]
    public async Task In_development_only_this_machine_s_names_are_answered(string host, string? forwarded, HttpStatusCode expected)
    {
        await fixture.NewVisitorAsync();
        using HttpClient client = new() { BaseAddress = fixture.Api.Address };
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/templates");
        request.Headers.Host = host;
        if (forwarded is not null)
        {
            request.Headers.Add("X-Forwarded-Host", forwarded);
        }

        using HttpResponseMessage response = await client.SendAsync(request);
        if (expected == HttpStatusCode.OK)
        {
            Assert.Equal(expected, response.StatusCode);
        }
        else
        {
            await Visitor.ProblemOf(response, expected, "unknown_host");
        }
    }

    [Theory]
    [InlineData(null, "anything.example", true)]
    [InlineData("play.example.org", "play.example.org", true)]
    [InlineData("play.example.org", "PLAY.example.org", true)]
    [InlineData("play.example.org", "evil.example", false)]
    [InlineData("play.example.org;*.school.example", "a.school.example", true)]
    [InlineData("*.school.example", "school.example", false)]
    // The address of a pod, which its health check uses.
    [InlineData("play.example.org", "10.1.2.3", true)]
    [InlineData("play.example.org", "[fd00::1]", true)]
    public void In_production_the_setting_says_which_names(string? setting, string host, bool allowed)
    {
        foreach (string name in new[] { HostCheck.Setting, HostCheck.FrameworkSetting })
        {
            IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(name, setting)]).Build();
            Assert.Equal(allowed, new HostCheck(configuration, new Production()).IsAllowed(host));
        }
    }

    private sealed class Production : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Production;

        public string ApplicationName { get; set; } = "";

        public string ContentRootPath { get; set; } = "";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
