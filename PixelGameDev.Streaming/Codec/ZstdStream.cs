using ZstdSharp.Unsafe;

namespace PixelGameDev.Streaming.Codec;

/// <summary>
/// A zstd compressor whose window lives across messages: every message is one flushed piece of an endless zstd frame.
/// It uses ZstdSharp's unsafe interface, because the managed one allocates for each call.
/// </summary>
internal sealed unsafe class ZstdStreamCompressor : IDisposable
{
    /// <summary>
    /// log2 of the window, bytes. 2 MiB hold the dirty tiles of a second or two of a busy game. A page must keep as much for
    /// decoding. A larger window saves nothing (docs/adr/0001-zstd-in-the-browser.md).
    /// </summary>
    public const int WindowLog = 21;

    /// <summary>
    /// log2 of the match finder's table, entries of 4 bytes. A larger table does not stay in the near caches, because other data passes
    /// through them between two frames. 16 saves a twelfth of the bytes and takes a third longer to search (docs/SPECIFICATION.md).
    /// </summary>
    private const int HashLog = 14;

    private ZSTD_CCtx_s* _context;

    public ZstdStreamCompressor()
    {
        _context = Methods.ZSTD_createCCtx();
        Check(Methods.ZSTD_CCtx_setParameter(_context, ZSTD_cParameter.ZSTD_c_compressionLevel, 1));
        Check(Methods.ZSTD_CCtx_setParameter(_context, ZSTD_cParameter.ZSTD_c_windowLog, WindowLog));
        Check(Methods.ZSTD_CCtx_setParameter(_context, ZSTD_cParameter.ZSTD_c_hashLog, HashLog));
    }

    /// <summary>Returns the largest output of one piece with <paramref name="length"/> bytes of input.</summary>
    public static int Bound(int length) => (int)Methods.ZSTD_compressBound((nuint)length) + 64;

    /// <summary>Begins a new zstd frame with an empty window.</summary>
    public void Reset() => Check(Methods.ZSTD_CCtx_reset(_context, ZSTD_ResetDirective.ZSTD_reset_session_only));

    /// <summary>Compresses all of <paramref name="source"/> and flushes; returns the bytes written.</summary>
    public int Compress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_context == null, this);
        fixed (byte* from = source)
        fixed (byte* to = destination)
        {
            ZSTD_inBuffer_s input = new() { src = from, size = (nuint)source.Length, pos = 0 };
            ZSTD_outBuffer_s output = new() { dst = to, size = (nuint)destination.Length, pos = 0 };
            nuint left;
            do
            {
                left = Methods.ZSTD_compressStream2(_context, &output, &input, ZSTD_EndDirective.ZSTD_e_flush);
                Check(left);
                if (left != 0 && output.pos == output.size)
                {
                    throw new InvalidOperationException("The frame's compressed form does not fit its buffer.");
                }
            }
            while (left != 0 || input.pos < input.size);
            return (int)output.pos;
        }
    }

    public void Dispose()
    {
        if (_context != null)
        {
            _ = Methods.ZSTD_freeCCtx(_context);
            _context = null;
        }
    }

    private static void Check(nuint code)
    {
        if (Methods.ZSTD_isError(code))
        {
            throw new InvalidOperationException("zstd: " + Methods.ZSTD_getErrorName(code));
        }
    }
}

/// <summary>Decompresses the pieces that <see cref="ZstdStreamCompressor"/> writes.</summary>
internal sealed unsafe class ZstdStreamDecompressor : IDisposable
{
    private ZSTD_DCtx_s* _context;

    public ZstdStreamDecompressor()
    {
        _context = Methods.ZSTD_createDCtx();
        _ = Methods.ZSTD_DCtx_setParameter(_context, ZSTD_dParameter.ZSTD_d_windowLogMax, ZstdStreamCompressor.WindowLog);
    }

    public void Reset() => _ = Methods.ZSTD_DCtx_reset(_context, ZSTD_ResetDirective.ZSTD_reset_session_only);

    /// <summary>Decompresses one flushed piece; returns the bytes written.</summary>
    /// <exception cref="InvalidDataException">Malformed, or larger than <paramref name="destination"/>.</exception>
    public int Decompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_context == null, this);
        fixed (byte* from = source)
        fixed (byte* to = destination)
        {
            ZSTD_inBuffer_s input = new() { src = from, size = (nuint)source.Length, pos = 0 };
            ZSTD_outBuffer_s output = new() { dst = to, size = (nuint)destination.Length, pos = 0 };
            nuint before;
            do
            {
                before = input.pos + output.pos;
                nuint code = Methods.ZSTD_decompressStream(_context, &output, &input);
                if (Methods.ZSTD_isError(code))
                {
                    throw new InvalidDataException("The frame's body is not valid zstd data: " + Methods.ZSTD_getErrorName(code));
                }

                if (code == 0)
                {
                    throw new InvalidDataException("The frame's body ends the stream that later frames continue.");
                }
            }
            while (input.pos + output.pos != before);

            return input.pos == input.size && output.pos < output.size
                ? (int)output.pos
                : throw new InvalidDataException("The frame's body is larger than its picture.");
        }
    }

    public void Dispose()
    {
        if (_context != null)
        {
            _ = Methods.ZSTD_freeDCtx(_context);
            _context = null;
        }
    }
}
