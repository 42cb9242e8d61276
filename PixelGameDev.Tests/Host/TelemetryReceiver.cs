using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PixelGameDev.Tests.Host;

/// <summary>Receives OpenTelemetry traces as a collector does (OTLP in protobuf over HTTP) and keeps what a test asks of them.</summary>
internal sealed class TelemetryReceiver : IAsyncDisposable
{
    private readonly WebApplication app;

    private TelemetryReceiver(WebApplication app) => this.app = app;

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public ConcurrentBag<Span> Spans { get; } = [];

    public static async Task<TelemetryReceiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        TelemetryReceiver receiver = new(app);
        app.MapPost("/v1/traces", async context =>
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            receiver.Read(body.ToArray());
        });
        app.MapPost("/v1/{signal}", () => Results.Ok());
        await app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    // ExportTraceServiceRequest { 1: ResourceSpans { 1: Resource { 1: attributes }, 2: ScopeSpans { 2: Span } } }
    private void Read(ReadOnlyMemory<byte> request)
    {
        foreach ((_, ReadOnlyMemory<byte> resourceSpans) in Fields(request).Where(field => field.Number == 1))
        {
            string service = Fields(resourceSpans).Where(field => field.Number == 1)
                .SelectMany(resource => Fields(resource.Value)).Where(field => field.Number == 1)
                .Select(attribute => Fields(attribute.Value).ToList())
                .Where(attribute => Text(attribute[0].Value) == "service.name")
                .Select(attribute => Text(Fields(attribute[1].Value).First().Value))
                .Single();
            foreach ((_, ReadOnlyMemory<byte> span) in Fields(resourceSpans).Where(field => field.Number == 2)
                .SelectMany(scope => Fields(scope.Value)).Where(field => field.Number == 2))
            {
                Dictionary<int, ReadOnlyMemory<byte>> parts = Fields(span).Where(field => field.Number is 1 or 2 or 4 or 5).ToDictionary(field => field.Number, field => field.Value);
                Spans.Add(new Span(
                    service, Text(parts[5]), Hex(parts[1]), Hex(parts[2]), parts.TryGetValue(4, out ReadOnlyMemory<byte> parent) ? Hex(parent) : ""));
            }
        }
    }

    /// <summary>The fields of a protobuf message that hold bytes, text or messages; numbers are passed over.</summary>
    private static IEnumerable<(int Number, ReadOnlyMemory<byte> Value)> Fields(ReadOnlyMemory<byte> message)
    {
        int at = 0;
        while (at < message.Length)
        {
            ulong key = Number(message.Span, ref at);
            switch (key & 7)
            {
                case 0:
                    Number(message.Span, ref at);
                    break;
                case 1:
                    at += sizeof(ulong);
                    break;
                case 5:
                    at += sizeof(uint);
                    break;
                case 2:
                    int length = (int)Number(message.Span, ref at);
                    yield return ((int)(key >> 3), message.Slice(at, length));
                    at += length;
                    break;
                default:
                    throw new InvalidDataException($"Field of kind {key & 7} at {at}.");
            }
        }
    }

    private static ulong Number(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);
}

/// <summary>A step of a trace; ids in hexadecimal, the parent's empty at the root.</summary>
internal sealed record Span(string Service, string Name, string Trace, string Id, string Parent);
