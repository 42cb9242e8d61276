using System.Text.Json;
using Docker.DotNet.Models;
using PixelGameDev.Executor.Docker;
using PixelGameDev.Executor.Processors;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Tests.Executor;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Sandbox.Policy;

/// <summary>Provides an Executor with real containers, and runs programs in them.</summary>
public abstract class PolicyScene : IAsyncLifetime
{
    private protected ExecutorHost _host = null!;

    public async Task InitializeAsync() => _host = await ExecutorHost.StartRealAsync(new()
    {
        ["SANDBOX_WARM"] = "0",
        ["FORCE_DOCKER_EXECUTION"] = "true",
        ["MAX_CODE_SIZE"] = "200000",
    });

    public async Task DisposeAsync() => await _host.DisposeAsync();

    private protected async Task<JsonElement> ProbeAsync(string program)
    {
        SessionInfo session = await _host.RunAsync(ExecutorHost.Request(program));
        await using TestViewer viewer = await TestViewer.ConnectAsync(_host, session.SessionId);
        string text;
        try
        {
            text = await viewer.ConsoleUntilAsync("END");
        }
        catch (InvalidOperationException closed)
        {
            SessionInfo end = await _host.EndOfAsync(session.SessionId);
            string errors = string.Join('\n', viewer.Messages.Where(static message => message[0] == 7)
                .Select(static message => System.Text.Encoding.UTF8.GetString(message)));
            throw new InvalidOperationException($"{closed.Message}\n{end}\n{errors}", closed);
        }

        int start = text.IndexOf("FACTS", StringComparison.Ordinal) + "FACTS".Length;
        return JsonDocument.Parse(text[start..text.LastIndexOf("END", StringComparison.Ordinal)]).RootElement;
    }
}
