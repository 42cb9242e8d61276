using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PixelGameDev.Api.Accounts;

/// <summary>Writes entries into a zip that is sent while it is written.</summary>
/// <param name="archive">The zip.</param>
/// <param name="buffer">The buffer that it writes into.</param>
internal sealed class ExportZip(ZipArchive archive, SendBuffer buffer)
{
    // The files are for people, so letters of every language stay readable.
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions JsonLine = new(Json) { WriteIndented = false };

    public async Task WriteAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        await using (Stream entry = archive.CreateEntry(path).Open())
        {
            await entry.WriteAsync(content, cancellationToken);
        }

        await buffer.SendAsync(cancellationToken);
    }

    public Task WriteJsonAsync(string path, object value, CancellationToken cancellationToken) =>
        WriteAsync(path, JsonSerializer.SerializeToUtf8Bytes(value, Json), cancellationToken);

    /// <summary>Writes a line of JSON for each value, as the values arrive.</summary>
    public async Task WriteLinesAsync<T>(string path, IAsyncEnumerable<IReadOnlyList<T>> batches, CancellationToken cancellationToken)
    {
        await using Stream entry = archive.CreateEntry(path).Open();
        await foreach (IReadOnlyList<T> batch in batches.WithCancellation(cancellationToken))
        {
            foreach (T value in batch)
            {
                await JsonSerializer.SerializeAsync(entry, value, JsonLine, cancellationToken);
                await entry.WriteAsync("\n"u8.ToArray(), cancellationToken);
            }

            await buffer.SendAsync(cancellationToken);
        }
    }
}
