using System.Globalization;
using System.Text;

namespace PixelGameDev.Tests.Fuzz;

/// <summary>An address of the tested service: method, path with <c>{id}</c> and <c>{path}</c>, and a valid body (null: none).</summary>
internal sealed record FuzzRoute(string Method, string Path, string? Body = null);

/// <summary>One request as bytes. With <see cref="WholeFraming"/> the server can tell where it ends, and must answer.</summary>
internal sealed record FuzzRequest(byte[] Bytes, bool WholeFraming);

/// <summary>
/// Makes malformed requests, the same ones for the same seed and number. Most are nearly right, because the server's parser rejects the
/// others early. It asks for credentials each time, because some expire.
/// </summary>
internal sealed class HttpFuzzer(
    int seed, string host, IReadOnlyList<FuzzRoute> routes, IReadOnlyList<string> ids, Func<IReadOnlyList<string>> credentials)
{
    private static readonly string[] Methods =
        ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "", "G\0T", "POST POST"];

    private static readonly string[] Segments =
    [
        "..", "%2e%2e", "%2e%2e%2f", "%00", "%ff", "%c0%af", "%ED%A0%80", ".", "a\\b", "%5c..%5c", "con", "main.py", "%E2%80%AE",
        "a%0d%0aSet-Cookie:x",
        "{id}", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "-1", "9999999999999999999999", "é", "😀",
        "a b", ";", "?", "#", "*",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "-1", "0", "1e999", "9223372036854775808", "0.1", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udfff\\ud800\"", "[]",
        "{}", "[null]",
        "\"../../etc/passwd\"", "\"main.py\"", "\"'; DROP TABLE projects; --\"", "\"\u202e\"", "\"\\u202e\"", "\"starter\"",
        "\"00000000-0000-0000-0000-000000000000\"",
        "\"not base64 %%%\"", "\"AAAA\"", "{\"a\":{\"a\":{\"a\":[]}}}", "NaN", "Infinity", "undefined", "'x'", "01", "1.", "\"\\x\"",
    ];

    private static readonly string[] Headers =
    [
        "Content-Type: application/json", "Content-Type: text/plain", "Content-Type: application/json; charset=utf-7",
        "Content-Type: multipart/form-data; boundary=",
        "Content-Type: ", "Content-Type: \u00ff", "Accept: */*;q=99", "Accept: application/xml", "Accept-Encoding: gzip, br, zstd, ;;;",
        "Accept-Language: " + "x,",
        "If-Match: *", "If-Match: \"1\"", "If-Match: W/\"-1\"", "If-Match: \"99999999999999999999\"", "If-Match: \"", "If-None-Match: *",
        "Range: bytes=9-1", "Range: bytes=-0,0-,,",
        "Expect: 100-continue", "Expect: everything", "Origin: null", "Origin: http://evil.example", "Origin: \u0001",
        "Sec-Fetch-Site: cross-site",
        "Cookie: pixel_visitor=", "Cookie: pixel_visitor=AAAA; pixel_visitor=BBBB", "Cookie: =;=;=", "Authorization: Bearer",
        "Authorization: Bearer a.b.c", "Authorization: Basic Og==",
        "Authorization: Bearer eyJhbGciOiJub25lIn0.e30.", "Upgrade: websocket", "Connection: Upgrade, close", "Sec-WebSocket-Version: 99",
        "Sec-WebSocket-Key: x", "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99",
        "X-Forwarded-For: 1.2.3.4, ::ffff:x", "X-Forwarded-Proto: ftp", "X-Forwarded-Host: evil.example:99999", "traceparent: 00-zz-zz-01",
        "traceparent: 00-" + "0000000000000000000000000000000a-0000000000000001-01",
        "tracestate: " + "a=b,", "baggage: %%%", "Content-Encoding: gzip", "Content-Encoding: identity, identity",
        "X-HTTP-Method-Override: DELETE", "Host: second.example", "Transfer-Encoding: chunked, identity",
    ];

    /// <summary>Returns request number <paramref name="number"/>.</summary>
    public FuzzRequest Next(int number)
    {
        Random random = new(HashCode(seed, number));
        return random.Next(10) switch
        {
            0 => Garbage(random),
            1 => BrokenFraming(random),
            _ => NearlyRight(random),
        };
    }

    private static int HashCode(int seed, int number) => unchecked((seed * 16777619) ^ (number * (int)2654435761));

    private static FuzzRequest Garbage(Random random)
    {
        byte[] bytes = new byte[random.Next(1, 2000)];
        random.NextBytes(bytes);
        if (random.Next(2) == 0)
        {
            // Text that looks like the beginning of a request.
            Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n").AsSpan(0, Math.Min(16, bytes.Length)).CopyTo(bytes);
        }

        return new FuzzRequest(bytes, false);
    }

    private FuzzRequest BrokenFraming(Random random)
    {
        FuzzRoute route = Pick(random, routes);
        StringBuilder text = new();
        text.Append(Pick(random, Methods)).Append(random.Next(4) == 0 ? "  " : " ").Append(Path(random, route))
            .Append(Pick(random, [" HTTP/1.1\r\n", " HTTP/1.0\r\n", " HTTP/9.9\r\n", " HTTP/1.1\n", "\r\n", " http/1.1\r\n",
                " HTTP/1.1 \r\n", " HTTP/2\r\n"]));
        text.Append(Pick(random,
            [$"Host: {host}\r\n", "", "Host: \r\n", $"Host : {host}\r\n", " folded\r\n", "Host: a b\r\n", $"Host: {host}:x\r\n"]));
        text.Append(Pick(random, ["Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: -1\r\n",
            "Content-Length: 99999999999999999999\r\n", "Content-Length: 0x10\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: xchunked\r\n",
            "Content-Length: 100000\r\n", ""]));
        Credentials(random, text);
        text.Append(random.Next(8) == 0 ? "" : "\r\n")
            .Append(Pick(random,
                ["", "5\r\nhello\r\n0\r\n\r\n", "ffffffffffffffff\r\nx", "-1\r\n", "5;ext=\"\r\nhello\r\n", "{\"a\":", "zz\r\n"]));
        return new FuzzRequest(Encoding.Latin1.GetBytes(text.ToString()), false);
    }

    private FuzzRequest NearlyRight(Random random)
    {
        FuzzRoute route = Pick(random, routes);
        string method = random.Next(8) == 0 ? Pick(random, Methods[..10]) : route.Method;
        byte[] body = route.Body is null && random.Next(4) != 0 ? [] : Body(random, route.Body ?? "{}");
        StringBuilder text = new();
        text.Append(method).Append(' ').Append(Path(random, route)).Append(" HTTP/1.1\r\nHost: ").Append(host)
            .Append("\r\nConnection: close\r\n");
        if (route.Body is not null && random.Next(8) != 0)
        {
            text.Append(route.Method == "PUT" ? "Content-Type: application/octet-stream\r\n" : "Content-Type: application/json\r\n");
        }

        for (int more = random.Next(4); more > 0; more--)
        {
            string header = Pick(random, Headers);
            if (!header.StartsWith("Transfer", StringComparison.Ordinal) && !header.StartsWith("Expect", StringComparison.Ordinal))
            {
                text.Append(header).Append("\r\n");
            }
        }

        if (random.Next(50) == 0)
        {
            text.Append("X-Long: ").Append('a', random.Next(40_000)).Append("\r\n");
        }

        Credentials(random, text);
        text.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n");
        byte[] head = Encoding.Latin1.GetBytes(text.ToString());
        return new FuzzRequest([.. head, .. body], true);
    }

    private void Credentials(Random random, StringBuilder text)
    {
        if (random.Next(5) != 0)
        {
            text.Append(Pick(random, credentials())).Append("\r\n");
        }
    }

    private string Path(Random random, FuzzRoute route)
    {
        StringBuilder path = new();
        foreach (string part in route.Path.Split('/').Skip(1))
        {
            string filled = part switch
            {
                "{id}" => Pick(random, ids),
                "{path}" => Pick(random, ["main.py", "new.py", "a/b/c.txt", "images/hero.png", Pick(random, Segments)]),
                _ => part,
            };
            path.Append('/').Append(random.Next(12) == 0
                ? Pick(random, Segments).Replace("{id}", Pick(random, ids), StringComparison.Ordinal) : filled);
        }

        if (random.Next(6) == 0)
        {
            path.Append('/').Append(Pick(random, Segments));
        }

        if (random.Next(4) == 0)
        {
            path.Append('?')
                .Append(Pick(random, ["rename=", "rename=../x", "rename=a%00b", "rename=main.py", "role=watcher", "limit=-1", "a[]=1&a[]=2",
                    "%", "=", "&&&&", "id=" + new string('9', 3000)]));
        }

        // A request line is ASCII. Other letters are sent as Latin-1 bytes, which is malformed too.
        return path.ToString().Replace(" ", random.Next(2) == 0 ? "%20" : " ", StringComparison.Ordinal);
    }

    private static byte[] Body(Random random, string good)
    {
        switch (random.Next(9))
        {
            case 0:
                return Encoding.UTF8.GetBytes(good[..random.Next(good.Length)]);
            case 1:
                byte[] noise = new byte[random.Next(4000)];
                random.NextBytes(noise);
                return noise;
            case 2:
                return Encoding.UTF8.GetBytes(new string('[', random.Next(1, 3000)) + new string(']', random.Next(1, 3000)));
            case 3:
                byte[] flipped = Encoding.UTF8.GetBytes(good);
                for (int flips = random.Next(1, 5); flips > 0 && flipped.Length > 0; flips--)
                {
                    flipped[random.Next(flipped.Length)] = (byte)random.Next(256);
                }

                return flipped;
            case 4:
                return Encoding.UTF8.GetBytes("{\"name\":\"" + new string('x', random.Next(200_000)) + "\"}");
            default:
                // A value of another kind in place of a valid one.
                string[] parts = good.Split(':');
                if (parts.Length > 1)
                {
                    int at = random.Next(1, parts.Length);
                    int end = parts[at].IndexOfAny([',', '}']);
                    parts[at] = Pick(random, Values) + (end < 0 ? "" : parts[at][end..]);
                }

                return Encoding.UTF8.GetBytes(string.Join(':', parts));
        }
    }

    private static T Pick<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
