using Microsoft.Playwright;

namespace PixelGameDev.Tests.Browser;

/// <summary>Measures how loud a page is: everything that it connects to the loudspeaker.</summary>
internal sealed class Loudspeaker
{
    /// <summary>The beginning of a program that makes the file of a loud tone, tone.wav.</summary>
    public const string Tone =
        """
        import math, struct, wave
        import pygame
        with wave.open("tone.wav", "wb") as tone:
            tone.setparams((1, 2, 22050, 0, "NONE", ""))
            tone.writeframes(b"".join(struct.pack("<h", int(16000 * math.sin(i / 8))) for i in range(22050)))

        """;

    private readonly IPage _page;

    private Loudspeaker(IPage page) => _page = page;

    /// <summary>Prepares a page that has not been opened yet, or its next opening.</summary>
    public static async Task<Loudspeaker> OfAsync(IPage page)
    {
        await page.AddInitScriptAsync(
            """
            const connect = AudioNode.prototype.connect;
            AudioNode.prototype.connect = function (target, ...rest) {
              if (target instanceof AudioDestinationNode) {
                const ear = target.context.createAnalyser();
                connect.call(this, ear);
                window.loudness = () => {
                  const samples = new Float32Array(ear.fftSize);
                  ear.getFloatTimeDomainData(samples);
                  return Math.max(...samples.map(Math.abs));
                };
              }
              return connect.call(this, target, ...rest);
            };
            """);
        return new Loudspeaker(page);
    }

    /// <summary>Returns the loudest sample of the last moment, 0 to 1; 0 if nothing is connected.</summary>
    public Task<double> LoudnessAsync() => _page.EvaluateAsync<double>("() => window.loudness?.() ?? 0");
}
