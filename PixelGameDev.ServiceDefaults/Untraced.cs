using System.Diagnostics;

namespace PixelGameDev.ServiceDefaults;

/// <summary>Keeps work of timers out of the traces: one span a second for each database check would hide the requests of people.</summary>
/// <remarks>
/// It is an activity that is not recorded. By the usual rule (<c>OTEL_TRACES_SAMPLER=parentbased_always_on</c>) its children are not
/// recorded either, in this process or, because HTTP passes the decision on, in the called one. Metrics count this work nevertheless.
/// </remarks>
public static class Untraced
{
    /// <summary>Starts the activity. It applies to the calling asynchronous method until the result is disposed.</summary>
    public static Activity Begin()
    {
        // The caller is not the parent, because otherwise the trace of a request would never end.
        Activity.Current = null;
        return new Activity("background").Start();
    }
}
