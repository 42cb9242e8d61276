using PixelGameDev.AppHost;

namespace PixelGameDev.Tests.Host;

public sealed class HostOptionsTests
{
    [Fact]
    public void Values_follow_their_option_or_an_equals_sign()
    {
        HostOptions options =
            HostOptions.Parse(["--port", "8080", "--executor-port=0", "--listen", "0.0.0.0", "--verbose", "--executors=2"]);

        Assert.Equal((8080, 0, "0.0.0.0", true, 2),
            (options.Port, options.ExecutorPort, options.Listen, options.Verbose, options.Executors));
    }

    [Theory]
    [InlineData("--port takes a number from 0 to 65535, not 'x'.", "--port", "x")]
    [InlineData("--port takes a number from 0 to 65535, not '65536'.", "--port=65536")]
    [InlineData("--executor-port takes a number from 0 to 65535, not '-1'.", "--executor-port", "-1")]
    [InlineData("--executors takes a number from 1 to 20, not '0'.", "--executors", "0")]
    [InlineData("--listen takes an address such as 127.0.0.1 or 0.0.0.0, not 'here'.", "--listen", "here")]
    [InlineData("--postgres takes embedded or container, not 'cloud'.", "--postgres", "cloud")]
    [InlineData("--data needs a value; --help shows the options.", "--data")]
    [InlineData("'--porrt' is no option of this program; --help shows them.", "--porrt", "1")]
    public void What_is_wrong_is_said_in_one_sentence(string sentence, params string[] arguments)
    {
        Assert.Equal(sentence, Assert.Throws<HostException>(() => HostOptions.Parse(arguments)).Message);
    }
}
