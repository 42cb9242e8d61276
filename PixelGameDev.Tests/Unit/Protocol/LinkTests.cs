using System.Buffers.Binary;
using System.IO.Pipelines;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Unit.Protocol;

public sealed class LinkTests
{
    private const MessageRoute ToGameHost = MessageRoute.ExecutorToSandbox | MessageRoute.PageToSandbox;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Messages_arrive_whole_however_the_stream_cuts_them(int piece)
    {
        Random random = new(3);
        List<byte[]> sent = [];
        using MemoryStream wire = new();
        using (LinkWriter writer = new(wire))
        {
            for (int i = 0; i < 60; i++)
            {
                byte[] content = new byte[i % 20 == 19 ? 300_000 : random.Next(0, 3000)];
                random.NextBytes(content);
                byte[] message = ExecutorMessages.File($"data/{i}.bin", content);
                sent.Add(message);
                if (i % 2 == 0)
                {
                    await writer.WriteAsync(message);
                }
                else
                {
                    writer.Write(message);
                }
            }
        }

        using Pieces stream = new(wire.ToArray(), piece);
        using LinkReader reader = new(stream, ToGameHost);
        foreach (byte[] message in sent)
        {
            ReadOnlyMemory<byte> read = sent.IndexOf(message) % 3 == 0 ? reader.Read() : await reader.ReadAsync();
            Assert.True(read.Span.SequenceEqual(message));
        }

        Assert.True((await reader.ReadAsync()).IsEmpty);
    }

    [Fact]
    public async Task Several_writers_never_mix_their_messages()
    {
        Pipe pipe = new();
        using LinkWriter writer = new(pipe.Writer.AsStream());
        using LinkReader reader = new(pipe.Reader.AsStream(), ToGameHost);
        Task[] writers = [.. Enumerable.Range(0, 4).Select(n => Task.Run(async () =>
        {
            for (int i = 0; i < 200; i++)
            {
                await writer.WriteAsync(ExecutorMessages.File("f", Enumerable.Repeat((byte)n, (i * 37) % 5000).ToArray()));
            }
        }))];
        for (int i = 0; i < 800; i++)
        {
            ReadOnlyMemory<byte> message = await reader.ReadAsync();
            (_, int offset) = ExecutorMessages.ReadFile(message.Span);
            byte[] content = message.Span[offset..].ToArray();
            Assert.True(content.Length == 0 || content.AsSpan().IndexOfAnyExcept(content[0]) < 0);
        }

        await Task.WhenAll(writers);
    }

    [Theory]
    [InlineData(0u, (byte)0xC3)]
    [InlineData(16u * 1024 * 1024 + 1, (byte)0xC1)]
    [InlineData(uint.MaxValue, (byte)0xC1)]
    [InlineData(6u, (byte)0xC3)]
    [InlineData(4u, (byte)0xC3)]
    [InlineData(1u, (byte)0x01)]
    [InlineData(5u, (byte)0x00)]
    [InlineData(5u, (byte)0x40)]
    [InlineData(5u, (byte)0xFF)]
    [InlineData(9u, (byte)0x88)]
    public void Impossible_messages_are_refused_before_their_payload_comes(uint length, byte type)
    {
        byte[] wire = new byte[5];
        BinaryPrimitives.WriteUInt32LittleEndian(wire, length);
        wire[4] = type;
        using LinkReader reader = new(new MemoryStream(wire), ToGameHost);
        Assert.Throws<ProtocolException>(() => reader.Read());
    }

    [Fact]
    public void The_end_inside_a_message_is_an_error()
    {
        byte[] wire = [5, 0, 0, 0, 0xC3, 1, 2];
        using LinkReader reader = new(new MemoryStream(wire), ToGameHost);
        Assert.Throws<EndOfStreamException>(() => reader.Read());
    }

    /// <summary>Tests that a header that announces 16 MiB takes no memory until the bytes arrive.</summary>
    [Fact]
    public void Memory_follows_what_arrives_not_what_is_promised()
    {
        byte[] wire = new byte[5];
        BinaryPrimitives.WriteUInt32LittleEndian(wire, MessageRules.MaxLength);
        wire[4] = (byte)MessageType.File;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            using LinkReader reader = new(new MemoryStream(wire), ToGameHost);
            Assert.Throws<EndOfStreamException>(() => reader.Read());
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 * 1024 * 1024);
    }

    [Fact]
    public void Empty_and_enormous_messages_are_not_written()
    {
        using LinkWriter writer = new(Stream.Null);
        Assert.Throws<ArgumentException>(() => writer.Write([]));
        Assert.Throws<ArgumentException>(() => writer.Write(new byte[MessageRules.MaxLength + 1]));
    }

    [Fact]
    public void Noise_never_does_more_than_throw()
    {
        Random random = new(11);
        for (int i = 0; i < 3000; i++)
        {
            byte[] wire = new byte[random.Next(1, 200)];
            random.NextBytes(wire);
            if (wire.Length > 4 && i % 2 == 0)
            {
                BinaryPrimitives.WriteInt32LittleEndian(wire, wire.Length - 4);
            }

            using LinkReader reader = new(new MemoryStream(wire), ToGameHost);
            try
            {
                while (!reader.Read().IsEmpty)
                {
                }
            }
            catch (Exception e) when (e is ProtocolException or EndOfStreamException)
            {
            }
        }
    }

    /// <summary>Returns at most <paramref name="piece"/> bytes at a time.</summary>
    private sealed class Pieces(byte[] content, int piece) : MemoryStream(content)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(piece, buffer.Length)]);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span));
    }
}
