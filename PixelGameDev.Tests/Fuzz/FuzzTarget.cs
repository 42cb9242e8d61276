using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace PixelGameDev.Tests.Fuzz;

/// <summary>A service that gets fuzzed requests: how it answers, how much memory it has, whether it is still the same process.</summary>
internal sealed class FuzzTarget(Uri address, Func<int?> process)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    /// <summary>Process number, null when it does not run.</summary>
    public int? Process => process();

    /// <summary>Resident memory, bytes.</summary>
    public long Memory
    {
        get
        {
            // "VmRSS:	  123456 kB"
            string line = File.ReadLines($"/proc/{Process}/status")
                .First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries)[1],
                CultureInfo.InvariantCulture) * 1024;
        }
    }

    /// <summary>Sends one request; the status it was answered with, null when the connection was closed without an answer.</summary>
    /// <exception cref="TimeoutException">Neither came.</exception>
    public async Task<int?> SendAsync(FuzzRequest request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(address.Host, address.Port);
        using CancellationTokenSource limit = new(AnswerLimit);
        NetworkStream stream = client.GetStream();
        byte[] answer = new byte[64];
        int length = 0;
        try
        {
            await stream.WriteAsync(request.Bytes, limit.Token);
            if (!request.WholeFraming)
            {
                // Nothing more will come: the server need not wait for the rest of what it was promised.
                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (IOException)
        {
            // Refused before it was read to its end: the answer may be here all the same.
        }

        try
        {
            while (length < 12 && await stream.ReadAsync(answer.AsMemory(length), limit.Token) is > 0 and int read)
            {
                length += read;
            }
        }
        catch (IOException)
        {
            // Reset: closed with something of ours unread.
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No answer within {AnswerLimit.TotalSeconds:0} s.");
        }

        // "HTTP/1.1 404 Not Found"
        string text = Encoding.ASCII.GetString(answer, 0, length);
        return length < 12 || !text.StartsWith("HTTP/1.", StringComparison.Ordinal) ? null
            : int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture);
    }
}
