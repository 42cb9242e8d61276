using System.Globalization;
using Microsoft.Playwright;
using PixelGameDev.Streaming.Codec;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests that a person records a game, sees it again pixel by pixel without a sandbox, and takes it home.</summary>
[Collection(BrowserCollection.Name)]
public sealed class RecordingTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string ToBase64 =
        """
        const text = (bytes) => {
          let text = '';
          for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
          return btoa(text);
        };
        """;

    [Fact]
    public async Task A_game_is_recorded_seen_again_without_a_sandbox_and_taken_home() => await Visitor.VisitAsync(
        browser, (await system.GetAsync()).Address, async visitor =>
        {
            IPage page = visitor.Page;
            await visitor.PressRunAsync();
            await page.GetByTestId("record").ClickAsync();
            await Expect(page.GetByTestId("record")).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("recording"));
            // What is recorded begins with the next whole picture.
            int shown = await FramesAsync(page);
            await Eventually.TrueAsync(async () => await FramesAsync(page) >= shown + 60, "some pictures are recorded");
            await page.GetByTestId("record").ClickAsync();
            await Expect(page.GetByTestId("toast")).ToContainTextAsync("The recording is kept.");
            await visitor.Stop.ClickAsync();
            await Expect(visitor.Stage).ToHaveAttributeAsync("data-state", "ended");

            // Nothing runs any more, also after the page has been loaded again.
            await page.ReloadAsync();
            await Expect(visitor.Code).ToContainTextAsync("import pygame");
            await OpenAsync(page);
            ILocator replay = page.GetByTestId("recordings-dialog").GetByTestId("replay");
            await Expect(replay).ToHaveAttributeAsync("data-state", "still");
            string address = await page.EvaluateAsync<string>(
                "(project) => fetch(`/api/projects/${project}/recordings/`).then((answer) => answer.json())"
                    + ".then(({ recordings }) => `/api/projects/${project}/recordings/${recordings[0].name}`)",
                visitor.Project);
            byte[][] messages = Recordings.MessagesOf(Convert.FromBase64String(await page.EvaluateAsync<string>(
                $"async (address) => {{ {ToBase64} return text(new Uint8Array(await (await fetch(address)).arrayBuffer())); }}", address)));
            Assert.Equal(0, await CompareAsync(replay, messages));
            await page.GetByLabel("Play the recording").ClickAsync();
            await Expect(replay).ToHaveAttributeAsync("data-state", "playing");
            ILocator canvas = replay.Locator("canvas");
            await Eventually.TrueAsync(
                async () => int.Parse((await canvas.GetAttributeAsync("data-frame"))!, CultureInfo.InvariantCulture) > 5, "it plays");
            await page.GetByLabel("Pause the recording").ClickAsync();
            await Expect(replay).ToHaveAttributeAsync("data-state", "still");
            await CompareAsync(replay, messages);
            await ScreenshotAsync(page, "recordings");
            await page.SetViewportSizeAsync(390, 844);
            await ScreenshotAsync(page, "recordings-phone");
            await page.SetViewportSizeAsync(1366, 768);

            await Expect(page.GetByTestId("recording-show")).ToHaveAttributeAsync("aria-pressed", "true");
            IDownload download = await page.RunAndWaitForDownloadAsync(() => page.GetByTestId("recording-gif").ClickAsync());
            Assert.Equal("game.gif", download.SuggestedFilename);
            byte[] gif = await File.ReadAllBytesAsync((await download.PathAsync())!);
            Assert.Equal("GIF89a"u8.ToArray(), gif[..6]);
            // Another picture than the first one has its own block, and the browser can show the file.
            Assert.True(gif.AsSpan().Count((ReadOnlySpan<byte>)[0x21, 0xF9, 4]) > 3);
            int[] size = await page.EvaluateAsync<int[]>(
                """
                async (base64) => {
                  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
                  const { width, height } = await createImageBitmap(new Blob([bytes], { type: 'image/gif' }));
                  return [width, height];
                }
                """,
                Convert.ToBase64String(gif));
            Assert.Equal([480, 360], size);

            // The recording shows the game among all games as soon as somebody looks at it.
            await page.GotoAsync("/projects");
            ILocator card = page.Locator(".game-open").First;
            await card.HoverAsync();
            await Expect(card.GetByTestId("replay")).ToHaveAttributeAsync("data-state", "playing");
            await ScreenshotAsync(page, "recordings-card");
            Assert.Empty((await visitor.AskAsync("/api/sessions?running=true")).EnumerateArray());

            // Who opens a link sees the game before anything runs for it.
            string code = await page.EvaluateAsync<string>(
                "(project) => fetch(`/api/projects/${project}/links`, { method: 'POST', headers: { 'content-type': 'application/json' }, "
                    + "body: '{}' }).then((answer) => answer.json()).then(({ code }) => code)",
                address.Split('/')[3]);
            IPage shared = await page.Context.NewPageAsync();
            await shared.GotoAsync($"/play/{code}");
            ILocator poster = shared.GetByTestId("replay");
            await Expect(poster).ToHaveAttributeAsync("data-state", "playing");
            await CompareAsync(poster, messages);
            await ScreenshotAsync(shared, "recordings-link");
            await shared.SetViewportSizeAsync(390, 844);
            await ScreenshotAsync(shared, "recordings-link-phone");
            await shared.CloseAsync();

            await card.ClickAsync();
            await Expect(visitor.Code).ToContainTextAsync("import pygame");
            await OpenAsync(page);
            await page.GetByLabel("Delete the recording of").ClickAsync();
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Delete", Exact = true }).ClickAsync();
            await Expect(page.GetByTestId("recordings-empty")).ToBeVisibleAsync();
        });

    /// <summary>Compares the canvas with the picture that the reference decoder has at its frame. Returns the frame's number.</summary>
    private static async Task<int> CompareAsync(ILocator replay, byte[][] messages)
    {
        string[] shown = await replay.Locator("canvas").EvaluateAsync<string[]>(
            $$"""
            (canvas) => {
              {{ToBase64}}
              const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
              copy.drawImage(canvas, 0, 0);
              return [canvas.dataset.frame, text(copy.getImageData(0, 0, canvas.width, canvas.height).data)];
            }
            """);
        int frame = int.Parse(shown[0], CultureInfo.InvariantCulture);
        using FrameDecoder decoder = new();
        foreach (byte[] message in messages[..(frame + 1)])
        {
            decoder.Decode(message);
        }

        Assert.True(decoder.Rgba.SequenceEqual(Convert.FromBase64String(shown[1])), $"frame {frame} differs from the recorded one");
        return frame;
    }

    private static async Task<int> FramesAsync(IPage page) => int.Parse(
        (await page.GetByTestId("game").GetAttributeAsync("data-frames"))!, CultureInfo.InvariantCulture);

    private static async Task OpenAsync(IPage page)
    {
        await page.GetByTestId("menu").ClickAsync();
        await page.GetByTestId("menu-recordings").ClickAsync();
        await Expect(page.GetByTestId("recordings-dialog")).ToBeVisibleAsync();
    }

    /// <summary>Keeps a picture for people to look at.</summary>
    private static async Task ScreenshotAsync(IPage page, string name)
    {
        string folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "TestResults", "browser")).FullName;
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"look-{name}.png") });
    }
}
