using Docker.DotNet;
using Docker.DotNet.Models;
using PixelGameDev.AppHost;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Runtime;

/// <summary>Tests that the samples in the page's tests are what Python says today. The page explains errors by Python's text.</summary>
public sealed class MistakeTests
{
    private const string Mistakes = "PixelGameDev.Api/Web/src/console/mistakes";

    [Fact]
    public async Task The_reports_that_the_pages_explanations_are_tested_with_are_those_of_the_game_image()
    {
        string folder = Path.Combine(Repository.Find().Root, Mistakes);
        using TestDirectory output = new();
        string found = output.Sub("reports.json");
        await CollectAsync(folder, output.Path);
        Assert.True(
            await File.ReadAllTextAsync(found) == await File.ReadAllTextAsync(Path.Combine(folder, "reports-3.13.json")),
            $"Python or pygame of the game image say other things now. Put {found}'s content (collect.py, run in the image) into " +
                $"{Mistakes}/reports-3.13.json, and see that explain.test.ts still passes.");
    }

    private static async Task CollectAsync(string script, string output)
    {
        IContainerOperations containers = TestGameImage.Docker.Client.Containers;
        string id = (await containers.CreateContainerAsync(new CreateContainerParameters
        {
            Image = await TestGameImage.EnsureAsync(),
            User = "0:0",
            Entrypoint = ["/bin/sh"],
            Cmd = ["-c", "/usr/bin/python3 -B -W ignore /script/collect.py /opt/pixel/runtime > /output/reports.json"],
            WorkingDir = "/tmp",
            HostConfig = new HostConfig { NetworkMode = "none", Binds = [$"{script}:/script:ro", $"{output}:/output"] },
        })).ID;
        try
        {
            await containers.StartContainerAsync(id, new ContainerStartParameters());
            using CancellationTokenSource limit = new(Eventually.Limit);
            Assert.Equal(0, (await containers.WaitContainerAsync(id, limit.Token)).StatusCode);
        }
        finally
        {
            await containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true });
        }
    }
}
