using Microsoft.Playwright;

namespace PixelGameDev.Tests.Browser;

/// <summary>Position and size of an element on the screen, in CSS pixels.</summary>
internal sealed record ViewportBox(float X, float Y, float Width, float Height)
{
    public static async Task<ViewportBox> OfAsync(ILocator element)
    {
        LocatorBoundingBoxResult box = await element.BoundingBoxAsync()
            ?? throw new InvalidOperationException("The element is not on the page.");
        return new ViewportBox(box.X, box.Y, box.Width, box.Height);
    }
}
