import { useEffect, useState } from 'preact/hooks';
import { type Opened, openFile } from './opened.ts';

/** The first step: a file, dropped or chosen. */
export function Choose({ onOpened }: { readonly onOpened: (opened: Opened) => void }) {
  const [share, setShare] = useState<number | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [isOver, setOver] = useState(false);

  const open = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    setFault(null);
    setShare(0);
    try {
      onOpened(
        await openFile(file, (read) => {
          setShare(read);
          return true;
        }),
      );
    } catch (error) {
      setFault(error instanceof RangeError ? error.message : 'The file cannot be read.');
    }
    setShare(null);
  };

  useEffect(() => {
    const over = (event: DragEvent): void => {
      event.preventDefault();
      setOver(true);
    };
    const out = (): void => setOver(false);
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      setOver(false);
      void open(event.dataTransfer?.files[0]);
    };
    // Anywhere on the page: a file dropped beside the field would otherwise be opened by the browser.
    document.addEventListener('dragover', over);
    document.addEventListener('dragleave', out);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragover', over);
      document.removeEventListener('dragleave', out);
      document.removeEventListener('drop', drop);
    };
  }, []);

  return (
    <div class={`card drop stack${isOver ? ' drop-over' : ''}`}>
      <div class="field">
        <label for="file">Drop a file here, or choose one</label>
        <input
          id="file"
          type="file"
          accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
          aria-describedby={fault ? 'file-fault file-hint' : 'file-hint'}
          onChange={(event) => void open(event.currentTarget.files?.[0])}
        />
        {fault && (
          <p class="fault" id="file-fault" role="alert">
            {fault}
          </p>
        )}
        <p class="hint" id="file-hint">
          CSV or text with a separator, in any usual encoding, up to 250 MB. Nothing is written before you have seen
          what it means.
        </p>
      </div>
      {share !== null && (
        <p>
          <progress class="progress" value={share} max={1} aria-label="Reading the file" /> Reading the file…
        </p>
      )}
    </div>
  );
}
