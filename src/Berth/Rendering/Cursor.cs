using System.Globalization;
using System.Text;

namespace Berth.Rendering;

/// <summary>Where the cursor stands in the frame, and the shortest way to another place.</summary>
internal sealed class Cursor(StringBuilder output, int row, int column)
{
    /// <summary>The column after text was written: nobody needs to know it.</summary>
    public const int Unknown = -1;

    /// <summary>Counted from 0, from the frame's first row.</summary>
    public int Row { get; private set; } = row;

    /// <summary>Counted from 0, or <see cref="Unknown"/>.</summary>
    public int Column { get; private set; } = column;

    /// <summary>Something else moved it.</summary>
    public void IsAt(int newRow, int newColumn) => (Row, Column) = (newRow, newColumn);

    /// <summary>Moves between rows that exist.</summary>
    public void MoveTo(int newRow, int newColumn)
    {
        if (newRow < Row)
        {
            Move(Row - newRow, 'A');
        }
        else if (newRow > Row)
        {
            Move(newRow - Row, 'B');
        }

        if (newColumn != Column)
        {
            if (newColumn == 0)
            {
                output.Append('\r');
            }
            else
            {
                Move(newColumn + 1, 'G');
            }
        }

        IsAt(newRow, newColumn);
    }

    /// <summary>Adds a row below the last one; the screen scrolls when there is none left.</summary>
    public void NewRowBelow(int newRow)
    {
        if (Row < newRow - 1)
        {
            Move(newRow - 1 - Row, 'B');
        }

        output.Append("\r\n");
        IsAt(newRow, 0);
    }

    private void Move(int count, char direction)
    {
        output.Append("\x1b[");
        if (count != 1)
        {
            output.Append(count.ToString(CultureInfo.InvariantCulture));
        }

        output.Append(direction);
    }
}
