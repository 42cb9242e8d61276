using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fuzz;

namespace PixelGameDev.Tests.Unit.Protocol;

/// <summary>Tests that the fuzz tests change every message that a stranger's program or page can send.</summary>
public sealed class FuzzedMessagesTests
{
    private const MessageRoute FromSandbox = MessageRoute.SandboxToPage | MessageRoute.SandboxToExecutor;
    private const MessageRoute FromPage = MessageRoute.PageToSandbox | MessageRoute.PageToExecutor;

    public static TheoryData<MessageType> Types() => [.. Enum.GetValues<MessageType>()];

    [Theory]
    [MemberData(nameof(Types))]
    public void The_fuzzer_knows_the_message(MessageType type)
    {
        MessageRoute route = MessageRules.RouteOf(type);
        Require(route & FromSandbox, MessageFuzzer.SandboxMessages, nameof(MessageFuzzer.SandboxMessages));
        Require(route & FromPage, MessageFuzzer.PageMessages, nameof(MessageFuzzer.PageMessages));

        void Require(MessageRoute routes, IReadOnlyList<byte[]> messages, string list)
        {
            if (routes != MessageRoute.None)
            {
                byte[]? message = messages.FirstOrDefault(message => message[0] == (byte)type);
                Assert.True(message is not null, $"{type} needs a valid message in MessageFuzzer.{list}.");
                Assert.Equal(type, MessageRules.Check(message, routes));
            }
        }
    }
}
