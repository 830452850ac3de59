using Berth.Protocol.Events;
using Berth.Rendering;

namespace Berth.Views;

// The part of the transcript that shows notices.
internal sealed partial class Transcript
{
    // What ended in sight needs no second line.
    private void AddNotice(NoticeAdded notice)
    {
        var lines = new List<Row>();
        for (var i = 0; i < notice.Lines.Count; i++)
        {
            if (i >= notice.Tasks.Count || notice.Lines.Count != notice.Tasks.Count || !told.Remove(notice.Tasks[i]))
            {
                lines.Add(new Row(notice.Lines[i], NoticeStyle(notice.Lines[i])));
            }
        }

        if (TakeOver(notice) is { } group)
        {
            Add(new NoticeBlock([.. lines], group));
        }
        else if (lines.Count > 0)
        {
            Add(new NoteBlock([.. lines]));
        }
    }

    private static Style NoticeStyle(string line) =>
        line.Contains(" completed]") ? new Style(Color.Green)
        : line.Contains(" exited,") || line.Contains(" stopped") ? new Style(Color.Yellow)
        : new Style(Color.Red);
}
