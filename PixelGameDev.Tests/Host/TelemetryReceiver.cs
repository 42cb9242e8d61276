using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PixelGameDev.Tests.Host;

/// <summary>Receives OpenTelemetry traces and metrics as a collector does (OTLP, protobuf over HTTP) and keeps them for tests.</summary>
internal sealed class TelemetryReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Measurement> _latest = new();

    private TelemetryReceiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public ConcurrentBag<Span> Spans { get; } = [];

    /// <summary>Returns the last value of each instrument and set of attributes.</summary>
    public IReadOnlyList<Measurement> Metrics => [.. _latest.Values];

    public static async Task<TelemetryReceiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        TelemetryReceiver receiver = new(app);
        app.MapPost("/v1/traces", async (HttpRequest request) => receiver.ReadTraces(await BodyAsync(request)));
        app.MapPost("/v1/metrics", async (HttpRequest request) => receiver.ReadMetrics(await BodyAsync(request)));
        app.MapPost("/v1/{signal}", () => Results.Ok());
        await app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpRequest request)
    {
        using MemoryStream body = new();
        await request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    // ExportTraceServiceRequest { 1: ResourceSpans { 1: Resource, 2: ScopeSpans { 2: Span } } }
    private void ReadTraces(ReadOnlyMemory<byte> request)
    {
        foreach (ReadOnlyMemory<byte> resourceSpans in All(request, 1))
        {
            string service = ServiceOf(resourceSpans);
            foreach (ReadOnlyMemory<byte> span in All(resourceSpans, 2).SelectMany(scope => All(scope, 2)))
            {
                ReadOnlyMemory<byte> Part(int number) => All(span, number).FirstOrDefault();
                Spans.Add(new Span(service, Text(Part(5)), Hex(Part(1)), Hex(Part(2)), Hex(Part(4)), (SpanKind)Whole(Part(6))));
            }
        }
    }

    // ExportMetricsServiceRequest { 1: ResourceMetrics { 1: Resource, 2: ScopeMetrics { 1: Scope { 1: name }, 2: Metric } } }
    // Metric { 1: name, 3: unit, 5: Gauge | 7: Sum { 1: NumberDataPoint }, 9: Histogram { 1: HistogramDataPoint } }
    private void ReadMetrics(ReadOnlyMemory<byte> request)
    {
        foreach (ReadOnlyMemory<byte> resourceMetrics in All(request, 1))
        {
            string service = ServiceOf(resourceMetrics);
            foreach (ReadOnlyMemory<byte> scopeMetrics in All(resourceMetrics, 2))
            {
                string meter = Text(All(All(scopeMetrics, 1).Single(), 1).Single());
                foreach (ReadOnlyMemory<byte> metric in All(scopeMetrics, 2))
                {
                    string name = Text(All(metric, 1).Single()), unit = Text(All(metric, 3).FirstOrDefault());
                    // NumberDataPoint { 7: attributes, 4: double | 6: integer }
                    foreach (ReadOnlyMemory<byte> point in All(metric, 5).Concat(All(metric, 7)).SelectMany(data => All(data, 1)))
                    {
                        double value = All(point, 4).Select(Double).Concat(All(point, 6).Select(bits => (double)Whole(bits)))
                            .FirstOrDefault();
                        Keep(new Measurement(service, meter, name, unit, Tags(point, 7), value, 0));
                    }

                    // HistogramDataPoint { 9: attributes, 4: count, 5: sum }
                    foreach (ReadOnlyMemory<byte> point in All(metric, 9).SelectMany(data => All(data, 1)))
                    {
                        Keep(new Measurement(service, meter, name, unit, Tags(point, 9), All(point, 5).Select(Double).FirstOrDefault(),
                            All(point, 4).Select(Whole).FirstOrDefault()));
                    }
                }
            }
        }

        void Keep(Measurement measured) => _latest[$"{measured.Service} {measured.Name} {measured.Tags}"] = measured;
    }

    private static string ServiceOf(ReadOnlyMemory<byte> resourceData) => All(resourceData, 1)
        .SelectMany(resource => All(resource, 1))
        .Where(attribute => Text(All(attribute, 1).Single()) == "service.name")
        .Select(attribute => Text(All(All(attribute, 2).Single(), 1).Single()))
        .Single();

    // KeyValue { 1: key, 2: AnyValue { 1: text | 2: truth | 3: integer | 4: double } }; as "key=value", in the order of the keys
    private static string Tags(ReadOnlyMemory<byte> point, int number) => string.Join(' ', All(point, number)
        .Select(static attribute =>
        {
            (int kind, ReadOnlyMemory<byte> value) = Fields(All(attribute, 2).Single()).FirstOrDefault();
            string said = kind switch { 1 => Text(value), 2 => Whole(value) == 1 ? "true" : "false", 3 => $"{Whole(value)}", _ => "" };
            return $"{Text(All(attribute, 1).Single())}={said}";
        })
        .Order(StringComparer.Ordinal));

    private static IEnumerable<ReadOnlyMemory<byte>> All(ReadOnlyMemory<byte> message, int number) =>
        Fields(message).Where(field => field.Number == number).Select(field => field.Value);

    /// <summary>Returns the fields of a protobuf message. Numbers take eight bytes.</summary>
    private static IEnumerable<(int Number, ReadOnlyMemory<byte> Value)> Fields(ReadOnlyMemory<byte> message)
    {
        int at = 0;
        while (at < message.Length)
        {
            ulong key = Number(message.Span, ref at);
            int number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    byte[] bits = new byte[sizeof(ulong)];
                    BinaryPrimitives.WriteUInt64LittleEndian(bits, Number(message.Span, ref at));
                    yield return (number, bits);
                    break;
                case 1:
                    yield return (number, message.Slice(at, sizeof(ulong)));
                    at += sizeof(ulong);
                    break;
                case 5:
                    at += sizeof(uint);
                    break;
                case 2:
                    int length = (int)Number(message.Span, ref at);
                    yield return (number, message.Slice(at, length));
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

    private static long Whole(ReadOnlyMemory<byte> bits) => bits.IsEmpty ? 0 : BinaryPrimitives.ReadInt64LittleEndian(bits.Span);

    private static double Double(ReadOnlyMemory<byte> bits) => BinaryPrimitives.ReadDoubleLittleEndian(bits.Span);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);
}

/// <summary>The numbers of span kinds in OTLP.</summary>
internal enum SpanKind
{
    Unspecified,
    Internal,
    Server,
    Client,
}

/// <summary>A step of a trace. Ids are hexadecimal; the parent's id is empty at the root.</summary>
internal sealed record Span(string Service, string Name, string Trace, string Id, string Parent, SpanKind Kind);

/// <summary>The value of an instrument for one set of attributes.</summary>
/// <param name="Service">The service that measured.</param>
/// <param name="Meter">Name of the meter.</param>
/// <param name="Name">Name of the instrument.</param>
/// <param name="Unit">The unit.</param>
/// <param name="Tags">The attributes as <c>key=value</c>, separated by spaces.</param>
/// <param name="Value">The value; the sum for a histogram.</param>
/// <param name="Count">The number of values of a histogram.</param>
internal sealed record Measurement(string Service, string Meter, string Name, string Unit, string Tags, double Value, long Count);
