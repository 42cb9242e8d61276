using System.Diagnostics;
using System.IO.Hashing;
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using PixelGameDev.Benchmarks.People;
using PixelGameDev.Streaming.Codec;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Benchmarks.Library;

/// <summary>Imports one game as a new guest, plays it for some seconds, and stops it.</summary>
internal sealed class LibraryRun(GuestClient guest, LibraryGame game)
{
    /// <summary>Return, Space, the arrow keys, and W A S D: scancode and keycode.</summary>
    private static readonly (ushort Scancode, uint Keycode)[] Keys =
    [
        (40, 13), (44, 32), (79, 0x4000004F), (82, 0x40000052), (80, 0x40000050), (81, 0x40000051), (26, 'w'), (4, 'a'), (22, 's'),
        (7, 'd'),
    ];

    private readonly FrameDecoder _decoder = new();
    private readonly HashSet<ulong> _seen = [];
    private readonly StringBuilder _console = new();
    private int _files;
    private int _pictures;
    private double _firstMillis;
    private double _fps;
    private string _problem = "";
    private string _end = "";
    private uint _seq;

    public static async Task<LibraryResult> PlayAsync(Uri address, LibraryGame game, TimeSpan time, string pictures)
    {
        using GuestClient guest = new(address, TimeSpan.FromMinutes(3));
        LibraryRun run = new(guest, game);
        try
        {
            await guest.ArriveAsync();
            if (await run.ImportAsync() is { } project)
            {
                await run.RunAsync(project, time);
                run.WritePicture(Path.Combine(pictures, game.Name.Replace('/', '_') + ".png"));
            }
        }
        catch (Exception error) when (error is HttpRequestException or WebSocketException or OperationCanceledException or IOException)
        {
            run._end = "failed";
            run._problem = error.Message;
        }

        run._decoder.Dispose();
        return new LibraryResult(
            game.Name, run._files, run._firstMillis, run._pictures, run._seen.Count, run._fps, run._end, run._problem);
    }

    /// <summary>Imports the game as the page does: in one request, and without the refused files in a second one.</summary>
    /// <returns>The project; null if it could not be imported.</returns>
    private async Task<string?> ImportAsync()
    {
        using HttpResponseMessage created = await guest.Http.PostAsJsonAsync("/api/projects", new { name = "Game" });
        JsonNode project = (await created.Content.ReadFromJsonAsync<JsonNode>())!;
        string id = (string)project["id"]!;
        // The template's own file would stand in the way of a main.py.
        List<(string Path, byte[] Content)> files = [.. game.ReadFiles()];
        List<string> refused = [];
        bool replaces = files.RemoveAll(static file => file.Path == "main.py") > 0;
        refused.AddRange(files.Where(static file => file.Content.Length > 5_000_000).Select(static file => $"{file.Path} (too large)"));
        files.RemoveAll(static file => file.Content.Length > 5_000_000);
        for (int attempt = 0; attempt < 3; attempt++)
        {
            using MultipartFormDataContent form = new() { HeaderEncodingSelector = static (_, _) => Encoding.UTF8 };
            foreach ((string path, byte[] content) in files)
            {
                ByteArrayContent part = new(content);
                part.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"{path}\"; filename=\"file\"");
                form.Add(part);
            }

            using HttpResponseMessage answer = await guest.Http.PostAsync($"/api/projects/{id}/files", form);
            if (answer.IsSuccessStatusCode)
            {
                break;
            }

            JsonNode problem = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
            if (answer.StatusCode != HttpStatusCode.UnprocessableEntity)
            {
                (_end, _problem) = ("not imported", (string?)problem["detail"] ?? answer.StatusCode.ToString());
                return null;
            }

            foreach (JsonNode? one in problem["refused"]!.AsArray())
            {
                refused.Add($"{one!["path"]} ({one["code"]})");
                files.RemoveAll(file => file.Path == (string)one["path"]!);
            }
        }

        if (replaces)
        {
            using ByteArrayContent main = new(await File.ReadAllBytesAsync(Path.Combine(game.Folder, "main.py")));
            (await guest.Http.PutAsync($"/api/projects/{id}/files/main.py", main)).EnsureSuccessStatusCode();
        }

        _files = files.Count + (replaces ? 1 : 0);
        if (refused.Count > 0)
        {
            Console.WriteLine($"  {game.Name}: {refused.Count} files not taken: {string.Join(", ", refused.Take(5))}");
        }

        (await guest.Http.PatchAsJsonAsync($"/api/projects/{id}", new { entry = game.Entry })).EnsureSuccessStatusCode();
        return id;
    }

    private async Task RunAsync(string project, TimeSpan time)
    {
        long pressed = Stopwatch.GetTimestamp();
        using HttpResponseMessage answer = await guest.Http.PostAsJsonAsync("/api/sessions", new { projectId = project });
        JsonNode started = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        if (!answer.IsSuccessStatusCode)
        {
            (_end, _problem) = ("not started", (string?)started["detail"] ?? "");
            return;
        }

        Guid session = (Guid)started["id"]!;
        using CancellationTokenSource limit = new(time + TimeSpan.FromSeconds(60));
        using ClientWebSocket socket = new();
        socket.Options.Cookies = guest.Cookies;
        socket.Options.SetRequestHeader("Origin", guest.Origin);
        await socket.ConnectAsync(guest.StreamOf(session), limit.Token);
        Task watching = WatchAsync(socket, pressed, limit.Token);
        await SendAsync(socket, new ViewMessage(true, 60).ToMessage(), limit.Token);
        await SendAsync(socket, new FocusMessage(++_seq, true).ToMessage(), limit.Token);
        Task playing = PressAsync(socket, pressed, time, watching, limit.Token);
        await Task.WhenAny(watching, playing);
        await guest.StopAsync(session);
        await watching;
        string tail = _console.ToString().Trim();
        if (_pictures == 0 && _problem.Length == 0)
        {
            _problem = "no picture" + (tail.Length > 0 ? ": " + tail.Split('\n')[^1] : "");
        }
    }

    private async Task PressAsync(ClientWebSocket socket, long pressed, TimeSpan time, Task watching, CancellationToken cancellationToken)
    {
        for (int i = 0; Stopwatch.GetElapsedTime(pressed) < time && !watching.IsCompleted; i++)
        {
            await Task.Delay(150, cancellationToken);
            (ushort scancode, uint keycode) = Keys[i % Keys.Length];
            string text = keycode is >= 32 and < 127 ? ((char)keycode).ToString() : "";
            await SendAsync(socket, new KeyMessage(++_seq, true, false, scancode, 0, keycode, text).ToMessage(), cancellationToken);
            await Task.Delay(80, cancellationToken);
            await SendAsync(socket, new KeyMessage(++_seq, false, false, scancode, 0, keycode, "").ToMessage(), cancellationToken);
            if (i % 3 == 0)
            {
                (short x, short y) = ((short)(_decoder.Width / 2), (short)(_decoder.Height / 2));
                await SendAsync(socket, new MouseMoveMessage(++_seq, x, y, 0).ToMessage(), cancellationToken);
                await SendAsync(socket, new MouseButtonMessage(++_seq, 1, true, x, y).ToMessage(), cancellationToken);
                await SendAsync(socket, new MouseButtonMessage(++_seq, 1, false, x, y).ToMessage(), cancellationToken);
            }
        }
    }

    private static async Task SendAsync(ClientWebSocket socket, byte[] message, CancellationToken cancellationToken)
    {
        if (socket.State == WebSocketState.Open)
        {
            await socket.SendAsync(message, WebSocketMessageType.Binary, true, cancellationToken);
        }
    }

    private async Task WatchAsync(ClientWebSocket socket, long pressed, CancellationToken cancellationToken)
    {
        using MemoryStream message = new();
        byte[] buffer = new byte[256 * 1024];
        while (true)
        {
            message.SetLength(0);
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                message.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);
            if (!Take(message.GetBuffer().AsSpan(0, (int)message.Length), pressed))
            {
                return;
            }
        }
    }

    /// <summary>Takes a message; false if it is the last one.</summary>
    private bool Take(ReadOnlySpan<byte> message, long pressed)
    {
        switch ((MessageType)message[0])
        {
            case MessageType.Frame:
                _decoder.Decode(message);
                if (++_pictures == 1)
                {
                    _firstMillis = Stopwatch.GetElapsedTime(pressed).TotalMilliseconds;
                }

                if (_seen.Count < 999)
                {
                    _seen.Add(XxHash3.HashToUInt64(_decoder.Rgba));
                }

                break;
            case MessageType.Stats:
                _fps = Math.Max(_fps, SandboxMessages.ReadJson(message, MessageType.Stats, ProtocolJson.Default.SandboxStats).Fps);
                break;
            case MessageType.Console:
                _console.Append(SandboxMessages.ReadConsole(message).Text);
                break;
            case MessageType.Error when _problem.Length == 0:
                ErrorReport error = SandboxMessages.ReadJson(message, MessageType.Error, ProtocolJson.Default.ErrorReport);
                _problem = $"{error.Type}: {error.Message} ({error.File}:{error.Line})".ReplaceLineEndings(" ");
                break;
            case MessageType.Ended:
                _end = SandboxMessages.ReadJson(message, MessageType.Ended, ProtocolJson.Default.SessionEnded).Reason;
                return false;
        }

        return true;
    }

    private void WritePicture(string path)
    {
        if (_decoder.Width > 0)
        {
            File.WriteAllBytes(path, PngPicture.Encode(_decoder.Width, _decoder.Height, _decoder.Rgba));
        }
    }
}
