using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace PixelGameDev.Tests.Fuzz;

/// <summary>Sends fuzzed requests to a service and reads its answers, its memory and its process id.</summary>
internal sealed class FuzzTarget(Uri address, Func<int?> process)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    /// <summary>The process id; null when the service does not run.</summary>
    public int? Process => process();

    /// <summary>The resident memory, in bytes.</summary>
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

    /// <summary>Sends one request and returns the status of the answer; null when the connection was closed without one.</summary>
    /// <exception cref="TimeoutException">The service neither answered nor closed the connection.</exception>
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
                // Nothing more will come, so the server need not wait for the rest of the announced body.
                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (IOException)
        {
            // The server refused the request before its end. The answer may be here already.
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
            // A reset: the server closed before it had read everything.
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
