using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;
using PixelGameDev.Executor.Docker;
using PixelGameDev.Streaming.Codec;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Fixtures.Sandbox;

/// <content>What the sandbox has sent, and waiting for it.</content>
internal sealed partial class LinkHost
{
    /// <summary>Waits until GameHost has ended and returns its exit code.</summary>
    public async Task<int> GoneAsync()
    {
        using CancellationTokenSource limit = new(Eventually.Limit);
        if (_container is not null)
        {
            return (int)(await Containers.WaitContainerAsync(_container, limit.Token)).StatusCode;
        }

        await _process!.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>Returns every message of a type so far.</summary>
    public IReadOnlyList<byte[]> Messages(MessageType type)
    {
        lock (_gate)
        {
            return [.. _messages.Where(m => m.Type == type).Select(m => m.Message)];
        }
    }

    /// <summary>Returns the types of the messages in order, without frames.</summary>
    public IReadOnlyList<MessageType> Order()
    {
        lock (_gate)
        {
            return [.. _messages.Select(m => m.Type)];
        }
    }

    public Task<GamePicture> PictureAsync(Func<GamePicture, bool> accept, string what) =>
        WhenAsync(() => Picture is { } now && accept(now) ? now : null, what);

    public Task<byte[]> MessageAsync(MessageType type, Func<byte[], bool>? accept = null) =>
        WhenAsync(() => Messages(type).FirstOrDefault(m => accept?.Invoke(m) ?? true), $"a {type} message");

    public Task ConsoleAsync(string text) =>
        WhenAsync(() => Console.Contains(text, StringComparison.Ordinal) ? text : null, $"'{text}' in the console");

    public async Task<ErrorReport> ErrorAsync() =>
        SandboxMessages.ReadJson(await MessageAsync(MessageType.Error), MessageType.Error, ProtocolJson.Default.ErrorReport);

    public async Task<SessionEnded> EndAsync()
    {
        await WhenAsync(() => Ended.IsCompleted ? "" : null, "the end of the session");
        return await Ended;
    }

    private void Take(ReadOnlySpan<byte> message)
    {
        MessageType type = (MessageType)message[0];
        lock (_gate)
        {
            if (type == MessageType.Frame)
            {
                _decoder.Decode(message);
                _frames++;
                _keyframes += _decoder.Header.IsKeyframe ? 1 : 0;
                _picture = new GamePicture(_decoder.Width, _decoder.Height, _decoder.Rgba.ToArray(), _decoder.Header.FrameNumber,
                    _decoder.Header.InputSeq);
                Seen?.Invoke(_picture);
                return;
            }

            _messages.Add((type, message.ToArray()));
            if (type == MessageType.Console)
            {
                _console.Append(SandboxMessages.ReadConsole(message).Text);
            }
        }

        if (type == MessageType.Ended)
        {
            _ended.TrySetResult(SandboxMessages.ReadJson(message, MessageType.Ended, ProtocolJson.Default.SessionEnded));
        }
    }

    private async Task<T> WhenAsync<T>(Func<T?> find, string what)
        where T : class
    {
        long until = Environment.TickCount64 + (long)Eventually.Limit.TotalMilliseconds;
        while (true)
        {
            if (find() is { } found)
            {
                return found;
            }

            bool over = _ended.Task.IsCompleted;
            if (over && find() is { } late)
            {
                return late;
            }

            if (over || Environment.TickCount64 > until)
            {
                string end = _ended.Task.IsCompletedSuccessfully ? _ended.Task.Result.ToString() : _ended.Task.Exception?.Message
                    ?? "not ended";
                string errors = string.Join('\n', Messages(MessageType.Error).Select(m => Encoding.UTF8.GetString(m)));
                Assert.Fail($"Did not come: {what}. Session: {end}. Errors: {errors}. Console:\n{Console}\n{_complaints}");
            }

            await Task.Delay(4);
        }
    }
}
