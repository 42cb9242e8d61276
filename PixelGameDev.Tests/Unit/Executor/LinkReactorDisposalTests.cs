using System.Globalization;
using System.Net.Sockets;
using PixelGameDev.Executor.Links;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Unit.Executor;

/// <summary>Tests that a link may be disposed at any time and by any thread.</summary>
public sealed class LinkReactorDisposalTests : IDisposable
{
    private const int Links = 300;
    private const int AtOnce = 20;
    private const int Seed = 20261130;

    private readonly LinkReactor _reactor = new();
    private readonly HashSet<string> _opened = [];
    private int _foreignReads;

    /// <summary>Who disposes a link.</summary>
    private enum Disposal
    {
        /// <summary>Another thread, at any moment, while nothing arrives.</summary>
        WhileSilent,

        /// <summary>Another thread, at any moment, while data arrives.</summary>
        AtAnyMoment,

        /// <summary>Another thread, as soon as some data has arrived, while more arrives.</summary>
        AfterData,

        /// <summary>The reactor's thread, within a turn of the link.</summary>
        WithinTurn,
    }

    public void Dispose() => _reactor.Dispose();

    /// <summary>
    /// Each link sends its own byte. So a byte of another link, which had the same descriptor before or has it now, is noticed.
    /// </summary>
    [Fact]
    public async Task Three_hundred_links_that_are_disposed_at_random_moments_end_their_reads_and_leave_no_descriptor()
    {
        for (int first = 0; first < Links; first += AtOnce)
        {
            await Task.WhenAll(Enumerable.Range(first, AtOnce).Select(number => Task.Run(() => OneAsync(number))));
        }

        Assert.Equal(2 * Links, _opened.Count);
        Assert.Equal(0, _foreignReads);
        await Eventually.TrueAsync(() => !OpenFiles().Any(_opened.Contains), "all descriptors are closed");
    }

    private async Task OneAsync(int number)
    {
        byte own = (byte)(1 + (number % 255));
        Random random = new(Seed + number);
        Disposal disposal = (Disposal)(number % 4);
        (Socket inside, Socket outside) = LinkSockets.Pair();
        lock (_opened)
        {
            _opened.Add(FileOf(inside));
            _opened.Add(FileOf(outside));
        }

        using (inside)
        {
            LinkSocketStream stream = new(outside, _reactor);
            TaskCompletionSource enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Task reading = Task.Run(() => ReadAsync(stream, own, random.Next(400_000), disposal, enough));
            Task sending = disposal == Disposal.WhileSilent ? Task.CompletedTask : Task.Run(() => SendAsync(inside, own));
            if (disposal is Disposal.AfterData or Disposal.WithinTurn)
            {
                await enough.Task.WaitAsync(Eventually.Limit);
            }
            else
            {
                for (int some = random.Next(2000); some > 0; some--)
                {
                    Thread.Yield();
                }
            }

            await stream.DisposeAsync();
            Exception? end = await Record.ExceptionAsync(() => reading.WaitAsync(Eventually.Limit));
            Assert.True(end is ObjectDisposedException or IOException, $"{end}");
            await Assert.ThrowsAsync<ObjectDisposedException>(() => stream.ReadAsync(new byte[1]).AsTask());
            await sending.WaitAsync(Eventually.Limit);
        }
    }

    private async Task ReadAsync(LinkSocketStream stream, byte own, int most, Disposal disposal, TaskCompletionSource enough)
    {
        byte[] buffer = new byte[8192];
        for (long total = 0; ;)
        {
            int read = await stream.ReadAsync(buffer);
            Assert.NotEqual(0, read);
            if (buffer.AsSpan(0, read).ContainsAnyExcept(own))
            {
                Interlocked.Increment(ref _foreignReads);
            }

            total += read;
            if (total > most && enough.TrySetResult() && disposal == Disposal.WithinTurn)
            {
                await stream.DisposeAsync();
            }
        }
    }

    private static async Task SendAsync(Socket inside, byte own)
    {
        byte[] bytes = new byte[5000];
        bytes.AsSpan().Fill(own);
        try
        {
            while (true)
            {
                await inside.SendAsync(bytes);
            }
        }
        catch (SocketException)
        {
            // The link was disposed.
        }
    }

    /// <summary>Returns the name of a socket, which no other socket ever has.</summary>
    private static string FileOf(Socket socket) =>
        new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{socket.Handle}")).LinkTarget
        ?? throw new InvalidOperationException("A socket without a descriptor.");

    private static IEnumerable<string> OpenFiles() =>
        Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(static path => new FileInfo(path).LinkTarget ?? "");
}
