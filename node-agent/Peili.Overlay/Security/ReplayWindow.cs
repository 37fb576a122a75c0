namespace Peili.Overlay.Security;

/// <summary>
/// Which of a session's last 1,024 counters have been seen (as in RFC 4303, 3.4.3, and WireGuard). A sender counts its packets to
/// everybody in one series, so one receiver among thousands sees few of any 1,024: up to four are kept as distances within the value
/// itself, and the bitmap exists only while a sender is busy with this receiver. 24 bytes for each member instead of 136.
/// </summary>
internal struct ReplayWindow
{
    public const int Width = 1024;

    private const int Inline = 4;

    /// <summary>The highest counter seen plus one; 0 is a session that has sent nothing.</summary>
    private ulong next;

    /// <summary>Four distances below the highest, 16 bits each; 0 is a free place.</summary>
    private ulong distances;
    private ulong[]? bitmap;

    /// <summary>Whether a packet with this counter would be a replay, or is too old to tell.</summary>
    public readonly bool HasSeen(ulong counter)
    {
        if (counter >= next)
        {
            return false;
        }

        var distance = next - 1 - counter;
        if (distance is 0 or >= Width)
        {
            return true;
        }

        if (bitmap is not null)
        {
            return (bitmap[(counter % Width) >> 6] >> (int)(counter & 63) & 1) != 0;
        }

        for (var place = 0; place < Inline; place++)
        {
            if ((ushort)(distances >> (16 * place)) == distance)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Marks a counter that <see cref="HasSeen"/> allowed and whose packet was opened.</summary>
    public void Mark(ulong counter)
    {
        if (counter >= next)
        {
            Advance(counter);
        }
        else if (bitmap is not null)
        {
            SetBit(counter);
        }
        else
        {
            MarkInline(next - 1 - counter);
        }
    }

    private void Advance(ulong counter)
    {
        var step = counter + 1 - next;
        if (next == 0 || step >= Width)
        {
            bitmap = null;
            distances = 0;
        }
        else if (bitmap is not null)
        {
            for (var passed = next; passed < counter; passed++)
            {
                bitmap[(passed % Width) >> 6] &= ~(1UL << (int)(passed & 63));
            }

            SetBit(counter);
        }
        else
        {
            AdvanceInline(step);
        }

        next = counter + 1;
    }

    private void AdvanceInline(ulong step)
    {
        var before = distances;
        distances = 0;
        for (var place = 0; place < Inline; place++)
        {
            var distance = (ushort)(before >> (16 * place)) + step;
            if (distance > step && distance < Width)
            {
                PutInline(distance);
            }
        }

        // The counter that was the highest becomes a distance like the others.
        if (!PutInline(step))
        {
            ExpandToBitmap(next - 1 + step);
            SetBit(next - 1);
            SetBit(next - 1 + step);
        }
    }

    private void MarkInline(ulong distance)
    {
        if (PutInline(distance))
        {
            return;
        }

        var highest = next - 1;
        ExpandToBitmap(highest);
        SetBit(highest);
        SetBit(highest - distance);
    }

    private bool PutInline(ulong distance)
    {
        for (var place = 0; place < Inline; place++)
        {
            if ((ushort)(distances >> (16 * place)) == 0)
            {
                distances |= distance << (16 * place);
                return true;
            }
        }

        return false;
    }

    private void ExpandToBitmap(ulong highest)
    {
        bitmap = new ulong[Width / 64];
        for (var place = 0; place < Inline; place++)
        {
            SetBit(highest - (ushort)(distances >> (16 * place)));
        }

        distances = 0;
    }

    private readonly void SetBit(ulong counter) => bitmap![(counter % Width) >> 6] |= 1UL << (int)(counter & 63);
}
