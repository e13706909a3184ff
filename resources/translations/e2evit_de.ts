<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
 <context>
  <name>About</name>
  <message>
   <source>About E2E-ViT Desktop</source>
   <translation>Über E2E-ViT Desktop</translation>
  </message>
  <message>
   <source>Version {version}, Qt {qt}

Survival risk from whole slide images with end-to-end vision transformers, and a view of where the model looked.

Free software under the GNU General Public License, version 3 or later. It comes without any warranty. For research use only.</source>
   <translation>Version {version}, Qt {qt}

Überlebensrisiko aus digitalen Schnitten mit End-to-End Vision Transformers, und ein Blick darauf, wohin das Modell sah.

Freie Software unter der GNU General Public License, Version 3 oder später. Ohne jede Gewähr. Nur für die Forschung.</translation>
  </message>
 </context>
 <context>
  <name>Actions</name>
  <message>
   <source>&amp;About E2E-ViT Desktop</source>
   <translation>&amp;Über E2E-ViT Desktop</translation>
  </message>
  <message>
   <source>&amp;Add slides to the project…</source>
   <translation>Schnitte zum Projekt &amp;hinzufügen…</translation>
  </message>
  <message>
   <source>&amp;Cancel</source>
   <translation>&amp;Abbrechen</translation>
  </message>
  <message>
   <source>&amp;Close slide</source>
   <translation>Schnitt s&amp;chließen</translation>
  </message>
  <message>
   <source>&amp;Commands…</source>
   <translation>&amp;Befehle…</translation>
  </message>
  <message>
   <source>&amp;Compare chosen slides…</source>
   <translation>&amp;Gewählte Schnitte vergleichen…</translation>
  </message>
  <message>
   <source>&amp;Find missing slides…</source>
   <translation>&amp;Fehlende Schnitte suchen…</translation>
  </message>
  <message>
   <source>&amp;Fit to window</source>
   <translation>An Fenster an&amp;passen</translation>
  </message>
  <message>
   <source>&amp;Keyboard shortcuts…</source>
   <translation>&amp;Tastenkürzel…</translation>
  </message>
  <message>
   <source>&amp;Map of the slides…</source>
   <translation>&amp;Karte der Schnitte…</translation>
  </message>
  <message>
   <source>&amp;Models…</source>
   <translation>&amp;Modelle…</translation>
  </message>
  <message>
   <source>&amp;New project…</source>
   <translation>&amp;Neues Projekt…</translation>
  </message>
  <message>
   <source>&amp;Next top tile</source>
   <translation>&amp;Nächste auffällige Kachel</translation>
  </message>
  <message>
   <source>&amp;Open slide…</source>
   <translation>Schnitt ö&amp;ffnen…</translation>
  </message>
  <message>
   <source>&amp;Overlay</source>
   <translation>&amp;Überlagerung</translation>
  </message>
  <message>
   <source>&amp;Previous top tile</source>
   <translation>&amp;Vorige auffällige Kachel</translation>
  </message>
  <message>
   <source>&amp;Quit</source>
   <translation>&amp;Beenden</translation>
  </message>
  <message>
   <source>&amp;Redo</source>
   <translation>&amp;Wiederholen</translation>
  </message>
  <message>
   <source>&amp;Research use only…</source>
   <translation>&amp;Nur für die Forschung…</translation>
  </message>
  <message>
   <source>&amp;Run</source>
   <translation>&amp;Starten</translation>
  </message>
  <message>
   <source>&amp;Save project</source>
   <translation>Projekt &amp;speichern</translation>
  </message>
  <message>
   <source>&amp;Survival of the training cohort…</source>
   <translation>Ü&amp;berleben der Trainingskohorte…</translation>
  </message>
  <message>
   <source>&amp;Table of results…</source>
   <translation>&amp;Tabelle der Ergebnisse…</translation>
  </message>
  <message>
   <source>&amp;Tour of the window</source>
   <translation>&amp;Rundgang durch das Fenster</translation>
  </message>
  <message>
   <source>&amp;Undo</source>
   <translation>&amp;Rückgängig</translation>
  </message>
  <message>
   <source>1:1, one slide pixel a screen pixel</source>
   <translation>1:1, ein Pixel des Schnitts je Bildschirmpixel</translation>
  </message>
  <message>
   <source>Add a &amp;folder of slides…</source>
   <translation>Einen &amp;Ordner mit Schnitten hinzufügen…</translation>
  </message>
  <message>
   <source>Analyze all slides without a &amp;result</source>
   <translation>Alle Schnitte ohne &amp;Ergebnis analysieren</translation>
  </message>
  <message>
   <source>Analyze c&amp;hosen slides</source>
   <translation>&amp;Gewählte Schnitte analysieren</translation>
  </message>
  <message>
   <source>Analyze the slide with the model</source>
   <translation>Den Schnitt mit dem Modell analysieren</translation>
  </message>
  <message>
   <source>As the system</source>
   <translation>Wie das System</translation>
  </message>
  <message>
   <source>Close project</source>
   <translation>Projekt schließen</translation>
  </message>
  <message>
   <source>Copy as &amp;command</source>
   <translation>Als &amp;Befehl kopieren</translation>
  </message>
  <message>
   <source>Copy log for a &amp;report</source>
   <translation>Protokoll für einen &amp;Bericht kopieren</translation>
  </message>
  <message>
   <source>Dark</source>
   <translation>Dunkel</translation>
  </message>
  <message>
   <source>F&amp;ull screen</source>
   <translation>&amp;Vollbild</translation>
  </message>
  <message>
   <source>Find any command by a few letters</source>
   <translation>Jeden Befehl mit ein paar Buchstaben finden</translation>
  </message>
  <message>
   <source>Light</source>
   <translation>Hell</translation>
  </message>
  <message>
   <source>Models on this machine: get, add, check, remove</source>
   <translation>Modelle auf diesem Rechner: holen, hinzufügen, prüfen, entfernen</translation>
  </message>
  <message>
   <source>Next &amp;slide</source>
   <translation>&amp;Nächster Schnitt</translation>
  </message>
  <message>
   <source>Open a slide</source>
   <translation>Schnitt öffnen</translation>
  </message>
  <message>
   <source>Open pro&amp;ject…</source>
   <translation>Pro&amp;jekt öffnen…</translation>
  </message>
  <message>
   <source>Open the next slide of the project</source>
   <translation>Den nächsten Schnitt des Projekts öffnen</translation>
  </message>
  <message>
   <source>Open the previous slide of the project</source>
   <translation>Den vorigen Schnitt des Projekts öffnen</translation>
  </message>
  <message>
   <source>Pre&amp;vious slide</source>
   <translation>&amp;Voriger Schnitt</translation>
  </message>
  <message>
   <source>Reset the &amp;layout</source>
   <translation>&amp;Anordnung zurücksetzen</translation>
  </message>
  <message>
   <source>Save the project; it is saved by itself, too</source>
   <translation>Das Projekt speichern; es wird auch von selbst gespeichert</translation>
  </message>
  <message>
   <source>Se&amp;ttings…</source>
   <translation>Ei&amp;nstellungen…</translation>
  </message>
  <message>
   <source>Show the overlay</source>
   <translation>Überlagerung zeigen</translation>
  </message>
  <message>
   <source>Show the tiles' edges</source>
   <translation>Ränder der Kacheln zeigen</translation>
  </message>
  <message>
   <source>Show the tissue's outline</source>
   <translation>Umriss des Gewebes zeigen</translation>
  </message>
  <message>
   <source>Show the whole slide</source>
   <translation>Den ganzen Schnitt zeigen</translation>
  </message>
  <message>
   <source>Stop what runs</source>
   <translation>Anhalten, was läuft</translation>
  </message>
  <message>
   <source>Tile &amp;grid</source>
   <translation>Kachel&amp;raster</translation>
  </message>
  <message>
   <source>Tiles of &amp;all slides…</source>
   <translation>Kacheln &amp;aller Schnitte…</translation>
  </message>
  <message>
   <source>Tissue &amp;outline</source>
   <translation>Gewebe&amp;umriss</translation>
  </message>
  <message>
   <source>Two minutes on a painted slide</source>
   <translation>Zwei Minuten an einem gemalten Schnitt</translation>
  </message>
  <message>
   <source>Zoom &amp;in</source>
   <translation>Ver&amp;größern</translation>
  </message>
  <message>
   <source>Zoom &amp;out</source>
   <translation>Ver&amp;kleinern</translation>
  </message>
 </context>
 <context>
  <name>AskForLayer</name>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Compute</source>
   <translation>Rechnen</translation>
  </message>
  <message>
   <source>Compute again</source>
   <translation>Noch einmal rechnen</translation>
  </message>
  <message>
   <source>The model is run once more, with all layers kept: about {time}.</source>
   <translation>Das Modell läuft noch einmal, wobei alle Schichten behalten werden: etwa {time}.</translation>
  </message>
  <message>
   <source>This model has no trained head, so there are no fold models to compare.</source>
   <translation>Dieses Modell hat keinen trainierten Kopf, also gibt es keine Fold-Modelle zu vergleichen.</translation>
  </message>
  <message>
   <source>This risk model holds one fold model only: there is no disagreement.</source>
   <translation>Dieses Risikomodell enthält nur ein Fold-Modell: es gibt keine Uneinigkeit.</translation>
  </message>
  <message>
   <source>{squares} squares of {side} × {side} tiles are left out, one after the other: {runs} runs, about {time}.</source>
   <translation>{squares} Quadrate von {side} × {side} Kacheln werden nacheinander ausgelassen: {runs} Läufe, etwa {time}.</translation>
  </message>
 </context>
 <context>
  <name>BackboneQuestion</name>
  <message>
   <source>Another ViT of timm? Type its name there, such as vit_base_patch16_224.</source>
   <translation>Ein anderer ViT von timm? Geben Sie seinen dortigen Namen ein, etwa vit_base_patch16_224.</translation>
  </message>
  <message>
   <source>Backbone</source>
   <translation>Backbone</translation>
  </message>
  <message>
   <source>Which backbone?</source>
   <translation>Welches Backbone?</translation>
  </message>
  <message>
   <source>{why}

Which backbone is {name} of?</source>
   <translation>{why}

Von welchem Backbone ist {name}?</translation>
  </message>
 </context>
 <context>
  <name>BatchPresenter</name>
  <message>
   <source>Choose a model first: it analyzes the slides.</source>
   <translation>Wählen Sie zuerst ein Modell: es analysiert die Schnitte.</translation>
  </message>
  <message>
   <source>JOBS says why, and can try again.</source>
   <translation>AUFTRÄGE sagt warum, und kann es noch einmal versuchen.</translation>
  </message>
  <message>
   <source>One slide was analyzed.</source>
   <translation>Ein Schnitt wurde analysiert.</translation>
  </message>
  <message>
   <source>Paused, {n} waiting</source>
   <translation>Angehalten, {n} warten</translation>
  </message>
  <message>
   <source>Show the results</source>
   <translation>Ergebnisse zeigen</translation>
  </message>
  <message>
   <source>{n} of {all} slides could not be analyzed.</source>
   <translation>{n} von {all} Schnitten konnten nicht analysiert werden.</translation>
  </message>
  <message>
   <source>{n} slides are missing or unusable and were left out.</source>
   <translation>{n} Schnitte fehlen oder sind nicht verwendbar und wurden ausgelassen.</translation>
  </message>
  <message>
   <source>{n} slides were analyzed.</source>
   <translation>{n} Schnitte wurden analysiert.</translation>
  </message>
  <message>
   <source>{slide} ({n} waiting)</source>
   <translation>{slide} ({n} warten)</translation>
  </message>
 </context>
 <context>
  <name>Canvas</name>
  <message>
   <source>Slide</source>
   <translation>Schnitt</translation>
  </message>
 </context>
 <context>
  <name>CommandList</name>
  <message>
   <source>Commands</source>
   <translation>Befehle</translation>
  </message>
  <message>
   <source>Search commands</source>
   <translation>Befehle suchen</translation>
  </message>
  <message>
   <source>Type a command</source>
   <translation>Befehl eingeben</translation>
  </message>
  <message>
   <source>Up and Down choose, Return does it, Esc closes.</source>
   <translation>Pfeil auf und ab wählen, Eingabe führt aus, Esc schließt.</translation>
  </message>
 </context>
 <context>
  <name>Compare</name>
  <message>
   <source>This file is not the slide that the project knows: its result does not belong to it.</source>
   <translation>Diese Datei ist nicht der Schnitt, den das Projekt kennt: sein Ergebnis gehört nicht dazu.</translation>
  </message>
 </context>
 <context>
  <name>CompareWindow</name>
  <message>
   <source>Attention</source>
   <translation>Attention</translation>
  </message>
  <message>
   <source>Color scale of all slides</source>
   <translation>Farbskala aller Schnitte</translation>
  </message>
  <message>
   <source>Colors</source>
   <translation>Farben</translation>
  </message>
  <message>
   <source>Compare</source>
   <translation>Vergleichen</translation>
  </message>
  <message>
   <source>Move together</source>
   <translation>Gemeinsam bewegen</translation>
  </message>
  <message>
   <source>Opacity</source>
   <translation>Deckkraft</translation>
  </message>
  <message>
   <source>Opacity of the overlay</source>
   <translation>Deckkraft der Überlagerung</translation>
  </message>
  <message>
   <source>Times uniform, 0 to 4×</source>
   <translation>Mal gleichmäßig, 0 bis 4×</translation>
  </message>
  <message>
   <source>Times uniform, log scale</source>
   <translation>Mal gleichmäßig, logarithmisch</translation>
  </message>
  <message>
   <source>Times uniform, range of these slides</source>
   <translation>Mal gleichmäßig, Bereich dieser Schnitte</translation>
  </message>
 </context>
 <context>
  <name>DetailField</name>
  <message>
   <source>Automatic</source>
   <translation>Automatisch</translation>
  </message>
  <message>
   <source>Each tile is averaged before the model: the paper's way. The model sees little more than its color.</source>
   <translation>Jede Kachel wird vor dem Modell gemittelt: der Weg der Veröffentlichung. Das Modell sieht kaum mehr als ihre Farbe.</translation>
  </message>
  <message>
   <source>Fast</source>
   <translation>Schnell</translation>
  </message>
  <message>
   <source>Fine</source>
   <translation>Fein</translation>
  </message>
  <message>
   <source>Finest</source>
   <translation>Am feinsten</translation>
  </message>
  <message>
   <source>Medium</source>
   <translation>Mittel</translation>
  </message>
  <message>
   <source>{automatic} ({value})</source>
   <translation>{automatic} ({value})</translation>
  </message>
  <message>
   <source>{blocks} blocks a tile</source>
   <translation>{blocks} Blöcke je Kachel</translation>
  </message>
  <message>
   <source>{blocks} of {all} blocks look at the patches of each tile before these are merged.</source>
   <translation>{blocks} von {all} Blöcken sehen die Patches jeder Kachel an, bevor diese zusammengefasst werden.</translation>
  </message>
  <message>
   <source>{step}: about {time}, {memory}</source>
   <translation>{step}: etwa {time}, {memory}</translation>
  </message>
 </context>
 <context>
  <name>DisplayRangeDialog</name>
  <message>
   <source>As read</source>
   <translation>Wie gelesen</translation>
  </message>
  <message>
   <source>Brightness and contrast</source>
   <translation>Helligkeit und Kontrast</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>For the eye only: what the model is given stays as it was read.</source>
   <translation>Nur für das Auge: was das Modell bekommt, bleibt, wie es gelesen wurde.</translation>
  </message>
  <message>
   <source>Shown as black</source>
   <translation>Wird schwarz gezeigt</translation>
  </message>
  <message>
   <source>Shown as white</source>
   <translation>Wird weiß gezeigt</translation>
  </message>
 </context>
 <context>
  <name>Docks</name>
  <message>
   <source>ANALYZE</source>
   <translation>ANALYSE</translation>
  </message>
  <message>
   <source>IMAGE</source>
   <translation>BILD</translation>
  </message>
  <message>
   <source>JOBS</source>
   <translation>AUFTRÄGE</translation>
  </message>
  <message>
   <source>LOG</source>
   <translation>PROTOKOLL</translation>
  </message>
  <message>
   <source>OVERLAY</source>
   <translation>ÜBERLAGERUNG</translation>
  </message>
  <message>
   <source>PROJECT</source>
   <translation>PROJEKT</translation>
  </message>
  <message>
   <source>RISK</source>
   <translation>RISIKO</translation>
  </message>
  <message>
   <source>STRIP</source>
   <translation>STREIFEN</translation>
  </message>
 </context>
 <context>
  <name>EmptyState</name>
  <message>
   <source>Analyze the slide without a result</source>
   <translation>Den Schnitt ohne Ergebnis analysieren</translation>
  </message>
  <message>
   <source>Analyze the {n} slides without a result</source>
   <translation>Die {n} Schnitte ohne Ergebnis analysieren</translation>
  </message>
  <message>
   <source>Choose a slide of the project</source>
   <translation>Einen Schnitt des Projekts wählen</translation>
  </message>
  <message>
   <source>Double-click one in the list, or drop another one here.</source>
   <translation>Einen in der Liste doppelt anklicken oder einen weiteren hier ablegen.</translation>
  </message>
  <message>
   <source>Drop a whole slide image here, or choose one from the disk.
SVS, NDPI, MRXS, DICOM, OME-TIFF, tiled TIFF, more.</source>
   <translation>Ziehen Sie einen digitalen Schnitt hierher, oder wählen Sie einen von der Platte.
SVS, NDPI, MRXS, DICOM, OME-TIFF, gekacheltes TIFF und mehr.</translation>
  </message>
  <message>
   <source>Look around on a painted slide</source>
   <translation>An einem gemalten Schnitt umsehen</translation>
  </message>
  <message>
   <source>Open a slide to begin</source>
   <translation>Öffnen Sie einen Schnitt, um zu beginnen</translation>
  </message>
  <message>
   <source>Open slide…</source>
   <translation>Schnitt öffnen…</translation>
  </message>
  <message>
   <source>Recent slides</source>
   <translation>Zuletzt geöffnete Schnitte</translation>
  </message>
  <message>
   <source>Show the results</source>
   <translation>Ergebnisse zeigen</translation>
  </message>
 </context>
 <context>
  <name>ExplainPresenter</name>
  <message>
   <source>Occlusion</source>
   <translation>Verdeckung</translation>
  </message>
  <message>
   <source>Rollout</source>
   <translation>Rollout</translation>
  </message>
  <message>
   <source>Run a model first.</source>
   <translation>Lassen Sie zuerst ein Modell laufen.</translation>
  </message>
  <message>
   <source>Run the model again, then compute the layer.</source>
   <translation>Lassen Sie das Modell noch einmal laufen, und berechnen Sie dann die Ebene.</translation>
  </message>
  <message>
   <source>The model is at work: wait until it has ended.</source>
   <translation>Das Modell arbeitet: warten Sie, bis es fertig ist.</translation>
  </message>
  <message>
   <source>The result was not computed in this window: run the model again.</source>
   <translation>Das Ergebnis wurde nicht in diesem Fenster berechnet: lassen Sie das Modell noch einmal laufen.</translation>
  </message>
  <message>
   <source>Tiles or model are not those of the result any more.</source>
   <translation>Kacheln oder Modell sind nicht mehr die des Ergebnisses.</translation>
  </message>
  <message>
   <source>starting</source>
   <translation>startet</translation>
  </message>
  <message>
   <source>{name} was cancelled.</source>
   <translation>{name} wurde abgebrochen.</translation>
  </message>
 </context>
 <context>
  <name>ExportDialog</name>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Classes, areas, share of attention, notes; GeoJSON opens in QuPath.</source>
   <translation>Klassen, Flächen, Anteil der Attention, Notizen; GeoJSON öffnet sich in QuPath.</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Copy as command</source>
   <translation>Als Befehl kopieren</translation>
  </message>
  <message>
   <source>Embedding, as a table</source>
   <translation>Einbettung, als Tabelle</translation>
  </message>
  <message>
   <source>Export</source>
   <translation>Export</translation>
  </message>
  <message>
   <source>Export the regions as regions.geojson for it.</source>
   <translation>Exportieren Sie dafür die Regionen als regions.geojson.</translation>
  </message>
  <message>
   <source>Export…</source>
   <translation>Exportieren…</translation>
  </message>
  <message>
   <source>Figure of the slide</source>
   <translation>Abbildung des Schnitts</translation>
  </message>
  <message>
   <source>Format of the file</source>
   <translation>Format der Datei</translation>
  </message>
  <message>
   <source>Heat map that lies on the slide</source>
   <translation>Wärmekarte, die auf dem Schnitt liegt</translation>
  </message>
  <message>
   <source>One row a tile in the order of the strip; GeoJSON opens in QuPath.</source>
   <translation>Eine Zeile je Kachel in der Reihenfolge des Streifens; GeoJSON öffnet sich in QuPath.</translation>
  </message>
  <message>
   <source>PNG for a screen, SVG or PDF for a paper: text and lines stay editable there.</source>
   <translation>PNG für den Bildschirm, SVG oder PDF für eine Veröffentlichung: Text und Linien bleiben dort bearbeitbar.</translation>
  </message>
  <message>
   <source>Regions with their measurements</source>
   <translation>Regionen mit ihren Messwerten</translation>
  </message>
  <message>
   <source>Report</source>
   <translation>Bericht</translation>
  </message>
  <message>
   <source>Risk, as a table</source>
   <translation>Risiko, als Tabelle</translation>
  </message>
  <message>
   <source>Risk, figure, regions and how all of it was made, on one page.</source>
   <translation>Risiko, Abbildung, Regionen und wie alles entstand, auf einer Seite.</translation>
  </message>
  <message>
   <source>Risk, its spread, percentile, group and S(t); one row a slide.</source>
   <translation>Risiko, seine Streuung, Perzentil, Gruppe und S(t); eine Zeile je Schnitt.</translation>
  </message>
  <message>
   <source>The command was copied.</source>
   <translation>Der Befehl wurde kopiert.</translation>
  </message>
  <message>
   <source>Tiles with their attention</source>
   <translation>Kacheln mit ihrer Attention</translation>
  </message>
  <message>
   <source>Values and colors as an OME-TIFF pyramid, aligned with the slide: for QuPath, napari and other viewers.</source>
   <translation>Werte und Farben als OME-TIFF-Pyramide, deckungsgleich mit dem Schnitt: für QuPath, napari und andere Betrachter.</translation>
  </message>
  <message>
   <source>What is exported</source>
   <translation>Was exportiert wird</translation>
  </message>
  <message>
   <source>What the model says of the whole slide, as numbers; .h5ad is AnnData.</source>
   <translation>Was das Modell vom ganzen Schnitt sagt, in Zahlen; .h5ad ist AnnData.</translation>
  </message>
  <message>
   <source>as</source>
   <translation>als</translation>
  </message>
  <message>
   <source>{count} slides. </source>
   <translation>{count} Schnitte. </translation>
  </message>
 </context>
 <context>
  <name>Exports</name>
  <message>
   <source>&amp;Export…</source>
   <translation>&amp;Exportieren…</translation>
  </message>
  <message>
   <source>Export (Ctrl+E)</source>
   <translation>Exportieren (Strg+E)</translation>
  </message>
  <message>
   <source>Export of the pro&amp;ject…</source>
   <translation>Aus dem Pro&amp;jekt exportieren…</translation>
  </message>
  <message>
   <source>Make a project (File, New project), add slides and analyze them.</source>
   <translation>Legen Sie ein Projekt an (Datei, Neues Projekt), fügen Sie Schnitte hinzu und analysieren Sie sie.</translation>
  </message>
  <message>
   <source>Run the model first</source>
   <translation>Zuerst das Modell laufen lassen</translation>
  </message>
  <message>
   <source>There is no project with analyzed slides.</source>
   <translation>Es gibt kein Projekt mit analysierten Schnitten.</translation>
  </message>
  <message>
   <source>{count} slides are missing and are left out of the export.</source>
   <translation>{count} Schnitte fehlen und werden beim Export ausgelassen.</translation>
  </message>
  <message>
   <source>{name} was written, and its provenance beside it.</source>
   <translation>{name} wurde geschrieben, und daneben, woher es stammt.</translation>
  </message>
 </context>
 <context>
  <name>Field</name>
  <message>
   <source>"{text}" is not a number.</source>
   <translation>„{text}“ ist keine Zahl.</translation>
  </message>
  <message>
   <source>A slide cannot be used when more than this share of its tiles cannot be read.</source>
   <translation>Ein Schnitt ist nicht zu gebrauchen, wenn mehr als dieser Anteil seiner Kacheln nicht gelesen werden kann.</translation>
  </message>
  <message>
   <source>A tile is kept when at least this share of it is tissue.</source>
   <translation>Eine Kachel bleibt, wenn mindestens dieser Anteil von ihr Gewebe ist.</translation>
  </message>
  <message>
   <source>A tile is kept when at least this share of it is tissue; 0.5 when nothing is said.</source>
   <translation>Eine Kachel bleibt, wenn mindestens dieser Anteil von ihr Gewebe ist; ohne Angabe 0,5.</translation>
  </message>
  <message>
   <source>ALiBi, along the strip</source>
   <translation>ALiBi, entlang des Streifens</translation>
  </message>
  <message>
   <source>ALiBi, on the slide</source>
   <translation>ALiBi, auf dem Schnitt</translation>
  </message>
  <message>
   <source>Adam's L2 penalty on all weights.</source>
   <translation>Adams L2-Strafe auf alle Gewichte.</translation>
  </message>
  <message>
   <source>Add the position that the CLS and register tokens were trained with to these tokens before it is removed.</source>
   <translation>Die Position, mit der CLS und Register trainiert wurden, wird diesen Token zugegeben, bevor sie entfernt wird.</translation>
  </message>
  <message>
   <source>All patients of a site are tested in the same fold, never trained on in it.</source>
   <translation>Alle Patienten eines Zentrums werden im selben Fold getestet und nie in ihm trainiert.</translation>
  </message>
  <message>
   <source>Another number paints another slide.</source>
   <translation>Eine andere Zahl malt einen anderen Schnitt.</translation>
  </message>
  <message>
   <source>Architecture</source>
   <translation>Architektur</translation>
  </message>
  <message>
   <source>Attention</source>
   <translation>Attention</translation>
  </message>
  <message>
   <source>Attention head</source>
   <translation>Attention-Kopf</translation>
  </message>
  <message>
   <source>Attention of this head, counted from 1; when nothing is said, the mean of all.</source>
   <translation>Attention dieses Kopfs, von 1 an gezählt; ohne Angabe das Mittel aller.</translation>
  </message>
  <message>
   <source>Attention of this layer, counted from 1; when nothing is said, the last.</source>
   <translation>Attention dieser Schicht, von 1 an gezählt; ohne Angabe die letzte.</translation>
  </message>
  <message>
   <source>Automatic</source>
   <translation>Automatisch</translation>
  </message>
  <message>
   <source>Backbone</source>
   <translation>Backbone</translation>
  </message>
  <message>
   <source>Balance</source>
   <translation>Ausgleich</translation>
  </message>
  <message>
   <source>Bam</source>
   <translation>Bam</translation>
  </message>
  <message>
   <source>Bands</source>
   <translation>Bänder</translation>
  </message>
  <message>
   <source>Batlow</source>
   <translation>Batlow</translation>
  </message>
  <message>
   <source>Berlin</source>
   <translation>Berlin</translation>
  </message>
  <message>
   <source>Blue</source>
   <translation>Blau</translation>
  </message>
  <message>
   <source>CLS</source>
   <translation>CLS</translation>
  </message>
  <message>
   <source>CLS and mean</source>
   <translation>CLS und Mittel</translation>
  </message>
  <message>
   <source>CPU</source>
   <translation>CPU</translation>
  </message>
  <message>
   <source>Cache folder</source>
   <translation>Ordner des Zwischenspeichers</translation>
  </message>
  <message>
   <source>Cache limit</source>
   <translation>Grenze des Zwischenspeichers</translation>
  </message>
  <message>
   <source>Caption</source>
   <translation>Bildunterschrift</translation>
  </message>
  <message>
   <source>Cividis</source>
   <translation>Cividis</translation>
  </message>
  <message>
   <source>Clipped</source>
   <translation>Beschnitten</translation>
  </message>
  <message>
   <source>Color bar</source>
   <translation>Farbbalken</translation>
  </message>
  <message>
   <source>Color of the pen mark on the glass.</source>
   <translation>Farbe der Stiftmarkierung auf dem Glas.</translation>
  </message>
  <message>
   <source>Colors</source>
   <translation>Farben</translation>
  </message>
  <message>
   <source>Column</source>
   <translation>Spaltenweise</translation>
  </message>
  <message>
   <source>Compute each block twice instead of keeping what it computed.</source>
   <translation>Jeden Block zweimal rechnen, statt zu behalten, was er ergab.</translation>
  </message>
  <message>
   <source>Contour lines</source>
   <translation>Höhenlinien</translation>
  </message>
  <message>
   <source>Cox</source>
   <translation>Cox</translation>
  </message>
  <message>
   <source>Damaged tiles allowed</source>
   <translation>Erlaubte beschädigte Kacheln</translation>
  </message>
  <message>
   <source>Dark</source>
   <translation>Dunkel</translation>
  </message>
  <message>
   <source>Detail</source>
   <translation>Detail</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Gerät</translation>
  </message>
  <message>
   <source>Differences of the validation C-index up to this are ties, which the validation loss breaks.</source>
   <translation>Unterschiede des C-Index der Validierung bis hierher gelten als gleich; dann entscheidet der Validierungsverlust.</translation>
  </message>
  <message>
   <source>Disagreement</source>
   <translation>Uneinigkeit</translation>
  </message>
  <message>
   <source>Distance counted in</source>
   <translation>Abstand gezählt in</translation>
  </message>
  <message>
   <source>Draw the regions with the colors of their classes.</source>
   <translation>Die Regionen in den Farben ihrer Klassen zeichnen.</translation>
  </message>
  <message>
   <source>Draw where tissue was found.</source>
   <translation>Zeichnen, wo Gewebe gefunden wurde.</translation>
  </message>
  <message>
   <source>Dust</source>
   <translation>Staub</translation>
  </message>
  <message>
   <source>Each color channel of a slide is multiplied by 1 plus or minus up to this much.</source>
   <translation>Jeder Farbkanal eines Schnitts wird mit 1 plus oder minus höchstens so viel multipliziert.</translation>
  </message>
  <message>
   <source>Elastic-net</source>
   <translation>Elastic Net</translation>
  </message>
  <message>
   <source>Embeddings</source>
   <translation>Einbettungen</translation>
  </message>
  <message>
   <source>English</source>
   <translation>Englisch</translation>
  </message>
  <message>
   <source>Eosin</source>
   <translation>Eosin</translation>
  </message>
  <message>
   <source>Epochs</source>
   <translation>Epochen</translation>
  </message>
  <message>
   <source>Event</source>
   <translation>Ereignis</translation>
  </message>
  <message>
   <source>Event+time</source>
   <translation>Ereignis und Zeit</translation>
  </message>
  <message>
   <source>Fine-tune</source>
   <translation>Feinabstimmung</translation>
  </message>
  <message>
   <source>Folds</source>
   <translation>Folds</translation>
  </message>
  <message>
   <source>Folds at once</source>
   <translation>Folds gleichzeitig</translation>
  </message>
  <message>
   <source>From the lowest to the highest value. Values with a sign take vik, bam or berlin, whose middle is 0.</source>
   <translation>Vom niedrigsten zum höchsten Wert. Werte mit Vorzeichen nehmen vik, bam oder berlin, deren Mitte 0 ist.</translation>
  </message>
  <message>
   <source>Frozen blocks</source>
   <translation>Eingefrorene Blöcke</translation>
  </message>
  <message>
   <source>GPU (CUDA)</source>
   <translation>GPU (CUDA)</translation>
  </message>
  <message>
   <source>German</source>
   <translation>Deutsch</translation>
  </message>
  <message>
   <source>Go on without slides that cannot be read; they are listed.</source>
   <translation>Ohne Schnitte weitermachen, die nicht gelesen werden können; sie werden aufgelistet.</translation>
  </message>
  <message>
   <source>Gradients of so many slides (with Cox: patients) are gathered before the weights move; one is in memory at a time.</source>
   <translation>Gradienten von so vielen Schnitten (bei Cox: Patienten) werden gesammelt, bevor sich die Gewichte bewegen; einer ist jeweils im Speicher.</translation>
  </message>
  <message>
   <source>Gradients with a larger norm are shortened to it; nothing is shortened when this is left out.</source>
   <translation>Gradienten mit größerer Norm werden darauf gekürzt; ohne Angabe wird nichts gekürzt.</translation>
  </message>
  <message>
   <source>Green</source>
   <translation>Grün</translation>
  </message>
  <message>
   <source>Height</source>
   <translation>Höhe</translation>
  </message>
  <message>
   <source>Height of the picture.</source>
   <translation>Höhe des Bildes.</translation>
  </message>
  <message>
   <source>Hematoxylin</source>
   <translation>Hämatoxylin</translation>
  </message>
  <message>
   <source>Hide tiles below the range</source>
   <translation>Kacheln unter dem Bereich ausblenden</translation>
  </message>
  <message>
   <source>Highest value</source>
   <translation>Höchster Wert</translation>
  </message>
  <message>
   <source>Hilbert</source>
   <translation>Hilbert</translation>
  </message>
  <message>
   <source>How a tile becomes four tokens: quadrants or bands. A risk model brings its own.</source>
   <translation>Wie eine Kachel zu vier Token wird: Viertel oder Bänder. Ein Risikomodell bringt seine eigene Art mit.</translation>
  </message>
  <message>
   <source>How a tile becomes four tokens: quadrants, or bands of its rows of patches, one below the other.</source>
   <translation>Wie eine Kachel zu vier Token wird: Viertel, oder Bänder ihrer Patch-Zeilen untereinander.</translation>
  </message>
  <message>
   <source>How large, dark and different from each other the tumor's nuclei are, and how irregular its glands.</source>
   <translation>Wie groß, dunkel und verschieden die Kerne des Tumors sind, und wie unregelmäßig seine Drüsen.</translation>
  </message>
  <message>
   <source>How many cores reading and models may use at most; all that the system allows when nothing is said.</source>
   <translation>Wie viele Kerne das Lesen und die Modelle höchstens verwenden; ohne Angabe alle, die das System erlaubt.</translation>
  </message>
  <message>
   <source>How many folds are trained at the same time.</source>
   <translation>Wie viele Folds gleichzeitig trainiert werden.</translation>
  </message>
  <message>
   <source>How many lymphocytes lie under the mucosa and in the tumor.</source>
   <translation>Wie viele Lymphozyten unter der Schleimhaut und im Tumor liegen.</translation>
  </message>
  <message>
   <source>How many rounds: each patient is tested in one of them.</source>
   <translation>Wie viele Runden: jeder Patient wird in einer davon getestet.</translation>
  </message>
  <message>
   <source>How many tokens the transformer gets for each tile, 0.5 to 4 in the paper.</source>
   <translation>Wie viele Token der Transformer für jede Kachel bekommt, 0,5 bis 4 in der Veröffentlichung.</translation>
  </message>
  <message>
   <source>How many tokens the transformer gets for each tile, 0.5 to 4 in the paper. A risk model brings its own.</source>
   <translation>Wie viele Token der Transformer für jede Kachel bekommt, 0,5 bis 4 in der Veröffentlichung. Ein Risikomodell bringt seine eigene Zahl mit.</translation>
  </message>
  <message>
   <source>How often every training slide is seen at most.</source>
   <translation>Wie oft jeder Schnitt des Trainings höchstens gesehen wird.</translation>
  </message>
  <message>
   <source>How the model knows where tiles lie: alibi, alibi_2d, learned or none. A risk model brings its own.</source>
   <translation>Woher das Modell weiß, wo Kacheln liegen: alibi, alibi_2d, learned oder none. Ein Risikomodell bringt seine eigene Art mit.</translation>
  </message>
  <message>
   <source>How the patches of a tile become one token. mean: computed exactly before the model; max: the largest of each value, which needs every patch; attention: a mean whose weights are learned, for fine-tuning only.</source>
   <translation>Wie die Patches einer Kachel zu einem Token werden. mean: exakt vor dem Modell berechnet; max: das Größte jedes Werts, wofür jeder Patch nötig ist; attention: ein Mittel, dessen Gewichte gelernt werden, nur für die Feinabstimmung.</translation>
  </message>
  <message>
   <source>How the patches of a tile become one token: mean or max; attention only with a risk model that was trained with it.</source>
   <translation>Wie die Patches einer Kachel zu einem Token werden: mean oder max; attention nur mit einem Risikomodell, das damit trainiert wurde.</translation>
  </message>
  <message>
   <source>How tissue is found: "otsu" (as when nothing is said), "grandqc" by its network, "grandqc-artefacts" without folds, pen, bubbles and blur, too, "all" for the whole picture, or a mask file (PNG, GeoJSON).</source>
   <translation>Wie Gewebe gefunden wird: „otsu“ (wie ohne Angabe), „grandqc“ durch dessen Netz, „grandqc-artefacts“ auch ohne Falten, Stift, Blasen und Unschärfe, „all“ für das ganze Bild, oder eine Maskendatei (PNG, GeoJSON).</translation>
  </message>
  <message>
   <source>How tissue is found: "otsu", "grandqc", "grandqc-artefacts", or "all" for the whole picture of each slide.</source>
   <translation>Wie Gewebe gefunden wird: „otsu“, „grandqc“, „grandqc-artefacts“, oder „all“ für das ganze Bild jedes Schnitts.</translation>
  </message>
  <message>
   <source>In um or mm; in pixels where the resolution is unknown.</source>
   <translation>In µm oder mm; in Pixeln, wo die Auflösung unbekannt ist.</translation>
  </message>
  <message>
   <source>Inferno</source>
   <translation>Inferno</translation>
  </message>
  <message>
   <source>Inner folds</source>
   <translation>Innere Folds</translation>
  </message>
  <message>
   <source>Into how many bins with equally many events the follow-up is cut.</source>
   <translation>In wie viele Abschnitte mit gleich vielen Ereignissen die Beobachtungszeit geteilt wird.</translation>
  </message>
  <message>
   <source>Keep sites together</source>
   <translation>Zentren zusammenhalten</translation>
  </message>
  <message>
   <source>Keep the averaged patches on disk, so that the next analysis does not read the slide again.</source>
   <translation>Die gemittelten Patches auf der Platte behalten, damit die nächste Analyse den Schnitt nicht noch einmal liest.</translation>
  </message>
  <message>
   <source>Keep the prefix's position</source>
   <translation>Position des Präfixes behalten</translation>
  </message>
  <message>
   <source>Keep the strip</source>
   <translation>Streifen behalten</translation>
  </message>
  <message>
   <source>Language</source>
   <translation>Sprache</translation>
  </message>
  <message>
   <source>Largest gradient</source>
   <translation>Größter Gradient</translation>
  </message>
  <message>
   <source>Lay the layer over the slide.</source>
   <translation>Die Ebene über den Schnitt legen.</translation>
  </message>
  <message>
   <source>Layer</source>
   <translation>Ebene</translation>
  </message>
  <message>
   <source>Learned</source>
   <translation>Gelernt</translation>
  </message>
  <message>
   <source>Learning rate</source>
   <translation>Lernrate</translation>
  </message>
  <message>
   <source>Learning rate by layer</source>
   <translation>Lernrate je Schicht</translation>
  </message>
  <message>
   <source>Least gain</source>
   <translation>Kleinster Gewinn</translation>
  </message>
  <message>
   <source>Leave out bad slides</source>
   <translation>Unlesbare Schnitte auslassen</translation>
  </message>
  <message>
   <source>Leave out the tiles whose value is under that of the first color.</source>
   <translation>Kacheln auslassen, deren Wert unter dem der ersten Farbe liegt.</translation>
  </message>
  <message>
   <source>Leave out tiles</source>
   <translation>Kacheln auslassen</translation>
  </message>
  <message>
   <source>Light</source>
   <translation>Hell</translation>
  </message>
  <message>
   <source>Light or dark, or as the system.</source>
   <translation>Hell oder dunkel, oder wie das System.</translation>
  </message>
  <message>
   <source>Linear-cox</source>
   <translation>Linear-cox</translation>
  </message>
  <message>
   <source>Linear-nll</source>
   <translation>Linear-nll</translation>
  </message>
  <message>
   <source>Lines of equal value, evenly over the range, smoothed over neighboring tiles.</source>
   <translation>Linien gleichen Werts, gleichmäßig über den Bereich, über benachbarte Kacheln geglättet.</translation>
  </message>
  <message>
   <source>Log</source>
   <translation>Protokoll</translation>
  </message>
  <message>
   <source>Loss</source>
   <translation>Verlust</translation>
  </message>
  <message>
   <source>Lowest value</source>
   <translation>Niedrigster Wert</translation>
  </message>
  <message>
   <source>Lymphocytes</source>
   <translation>Lymphozyten</translation>
  </message>
  <message>
   <source>Magma</source>
   <translation>Magma</translation>
  </message>
  <message>
   <source>Maximum</source>
   <translation>Maximum</translation>
  </message>
  <message>
   <source>Mean</source>
   <translation>Mittel</translation>
  </message>
  <message>
   <source>Merge after block</source>
   <translation>Zusammenfassen nach Block</translation>
  </message>
  <message>
   <source>Merger</source>
   <translation>Zusammenfassung</translation>
  </message>
  <message>
   <source>Method</source>
   <translation>Verfahren</translation>
  </message>
  <message>
   <source>Micrometres per pixel at which the model looks. A risk model brings its own.</source>
   <translation>Mikrometer je Pixel, bei denen das Modell hinsieht. Ein Risikomodell bringt seinen eigenen Wert mit.</translation>
  </message>
  <message>
   <source>Micrometres per pixel at which the model looks: that of the backbone's pre-training, else 0.5.</source>
   <translation>Mikrometer je Pixel, bei denen das Modell hinsieht: die des Vortrainings des Backbones, sonst 0,5.</translation>
  </message>
  <message>
   <source>Micrometres per pixel of all slides, where the files do not say it or say it wrongly.</source>
   <translation>Mikrometer je Pixel aller Schnitte, wo die Dateien sie nicht oder falsch nennen.</translation>
  </message>
  <message>
   <source>Micrometres per pixel of the slide, where the file does not say it or says it wrongly.</source>
   <translation>Mikrometer je Pixel des Schnitts, wo die Datei sie nicht oder falsch nennt.</translation>
  </message>
  <message>
   <source>Micrometres per pixel.</source>
   <translation>Mikrometer je Pixel.</translation>
  </message>
  <message>
   <source>Model with backbone</source>
   <translation>Modell mit Backbone</translation>
  </message>
  <message>
   <source>Nll</source>
   <translation>Nll</translation>
  </message>
  <message>
   <source>None</source>
   <translation>Keine</translation>
  </message>
  <message>
   <source>Nuclear grade</source>
   <translation>Kernmalignitätsgrad</translation>
  </message>
  <message>
   <source>Occlusion</source>
   <translation>Verdeckung</translation>
  </message>
  <message>
   <source>Of the overlay.</source>
   <translation>Der Überlagerung.</translation>
  </message>
  <message>
   <source>Of the whole figure; journals ask for 85 or 174 mm.</source>
   <translation>Der ganzen Abbildung; Zeitschriften verlangen 85 oder 174 mm.</translation>
  </message>
  <message>
   <source>Opacity</source>
   <translation>Deckkraft</translation>
  </message>
  <message>
   <source>Order of the strip</source>
   <translation>Reihenfolge des Streifens</translation>
  </message>
  <message>
   <source>Outline of the tissue</source>
   <translation>Umriss des Gewebes</translation>
  </message>
  <message>
   <source>Overlay</source>
   <translation>Überlagerung</translation>
  </message>
  <message>
   <source>Panel letter</source>
   <translation>Buchstabe der Teilabbildung</translation>
  </message>
  <message>
   <source>Parts of a tile</source>
   <translation>Teile einer Kachel</translation>
  </message>
  <message>
   <source>Patience</source>
   <translation>Geduld</translation>
  </message>
  <message>
   <source>Patients with several slides</source>
   <translation>Patienten mit mehreren Schnitten</translation>
  </message>
  <message>
   <source>Pen mark</source>
   <translation>Stiftmarkierung</translation>
  </message>
  <message>
   <source>Penalty</source>
   <translation>Strafterm</translation>
  </message>
  <message>
   <source>Pixels an inch of the slide's picture.</source>
   <translation>Pixel je Zoll des Schnittbilds.</translation>
  </message>
  <message>
   <source>Plasma</source>
   <translation>Plasma</translation>
  </message>
  <message>
   <source>Pooler</source>
   <translation>Pooler</translation>
  </message>
  <message>
   <source>Positions</source>
   <translation>Positionen</translation>
  </message>
  <message>
   <source>Precision</source>
   <translation>Genauigkeit</translation>
  </message>
  <message>
   <source>Processor threads of each fold; recorded, since results are equal to the last bit only with equally many.</source>
   <translation>Prozessor-Threads jedes Folds; wird festgehalten, denn Ergebnisse sind nur bei gleicher Anzahl bis auf das letzte Bit gleich.</translation>
  </message>
  <message>
   <source>Quadrants</source>
   <translation>Viertel</translation>
  </message>
  <message>
   <source>Rank</source>
   <translation>Rang</translation>
  </message>
  <message>
   <source>Read-out</source>
   <translation>Ausgabe</translation>
  </message>
  <message>
   <source>Regions</source>
   <translation>Regionen</translation>
  </message>
  <message>
   <source>Resolution</source>
   <translation>Auflösung</translation>
  </message>
  <message>
   <source>Resolution of the slide</source>
   <translation>Auflösung des Schnitts</translation>
  </message>
  <message>
   <source>Resolution of the slides</source>
   <translation>Auflösung der Schnitte</translation>
  </message>
  <message>
   <source>Resolution of the tiles</source>
   <translation>Auflösung der Kacheln</translation>
  </message>
  <message>
   <source>Ridge</source>
   <translation>Ridge</translation>
  </message>
  <message>
   <source>Risk, model and what attention is not, under the picture.</source>
   <translation>Risiko, Modell und was Attention nicht ist, unter dem Bild.</translation>
  </message>
  <message>
   <source>Risks</source>
   <translation>Risiken</translation>
  </message>
  <message>
   <source>Rollout</source>
   <translation>Rollout</translation>
  </message>
  <message>
   <source>Rollout, occlusion and the disagreement of the folds need further runs of the model.</source>
   <translation>Rollout, Verdeckung und die Uneinigkeit der Folds brauchen weitere Läufe des Modells.</translation>
  </message>
  <message>
   <source>Row</source>
   <translation>Zeilenweise</translation>
  </message>
  <message>
   <source>Save memory</source>
   <translation>Speicher sparen</translation>
  </message>
  <message>
   <source>Scale</source>
   <translation>Skala</translation>
  </message>
  <message>
   <source>Scale bar</source>
   <translation>Maßstab</translation>
  </message>
  <message>
   <source>Seed</source>
   <translation>Startzahl</translation>
  </message>
  <message>
   <source>Serpentine</source>
   <translation>Schlangenlinie</translation>
  </message>
  <message>
   <source>Share of L1</source>
   <translation>Anteil von L1</translation>
  </message>
  <message>
   <source>Side of a square</source>
   <translation>Seite eines Quadrats</translation>
  </message>
  <message>
   <source>Size of a tile</source>
   <translation>Größe einer Kachel</translation>
  </message>
  <message>
   <source>Slides a step</source>
   <translation>Schnitte je Schritt</translation>
  </message>
  <message>
   <source>So many blocks of the model see each tile's own patches before these are merged: 0 is the fastest, more blocks see more detail and take longer. A risk model brings its own.</source>
   <translation>So viele Blöcke des Modells sehen die Patches jeder Kachel, bevor diese zusammengefasst werden: 0 ist am schnellsten, mehr Blöcke sehen mehr Einzelheiten und brauchen länger. Ein Risikomodell bringt seine eigene Zahl mit.</translation>
  </message>
  <message>
   <source>So many blocks see each tile's own patches before these are merged: 0 is the paper and the fastest, more blocks see more detail and take longer.</source>
   <translation>So viele Blöcke sehen die Patches jeder Kachel, bevor diese zusammengefasst werden: 0 ist die Veröffentlichung und am schnellsten, mehr Blöcke sehen mehr Einzelheiten und brauchen länger.</translation>
  </message>
  <message>
   <source>Squares at most</source>
   <translation>Höchstzahl der Quadrate</translation>
  </message>
  <message>
   <source>Standardise embeddings</source>
   <translation>Einbettungen standardisieren</translation>
  </message>
  <message>
   <source>Strength of the blue stain.</source>
   <translation>Stärke der blauen Färbung.</translation>
  </message>
  <message>
   <source>Strength of the pink stain.</source>
   <translation>Stärke der rosa Färbung.</translation>
  </message>
  <message>
   <source>System</source>
   <translation>System</translation>
  </message>
  <message>
   <source>That of the first color, in the numbers of the scale (rank: 0 to 1). A range of your own is the same on every slide.</source>
   <translation>Der Wert der ersten Farbe, in den Zahlen der Skala (Rang: 0 bis 1). Ein eigener Bereich ist auf jedem Schnitt derselbe.</translation>
  </message>
  <message>
   <source>That of the last color, in the numbers of the scale.</source>
   <translation>Der Wert der letzten Farbe, in den Zahlen der Skala.</translation>
  </message>
  <message>
   <source>The analysis stops when more than this share of the tiles cannot be read.</source>
   <translation>Die Analyse bricht ab, wenn mehr als dieser Anteil der Kacheln nicht gelesen werden kann.</translation>
  </message>
  <message>
   <source>The id of a pre-trained backbone, or a weight file of one.</source>
   <translation>Die Kennung eines vortrainierten Backbones, oder eine Gewichtsdatei davon.</translation>
  </message>
  <message>
   <source>The language of the window; English where there is no translation. From the next start.</source>
   <translation>Die Sprache des Fensters; Englisch, wo es keine Übersetzung gibt. Ab dem nächsten Start.</translation>
  </message>
  <message>
   <source>The learning rate of each block is that of the block above times this.</source>
   <translation>Die Lernrate jedes Blocks ist die des Blocks darüber mal diese Zahl.</translation>
  </message>
  <message>
   <source>The model runs once for each square. Ignored where the side of a square is given.</source>
   <translation>Das Modell läuft einmal für jedes Quadrat. Ohne Wirkung, wo die Seite eines Quadrats angegeben ist.</translation>
  </message>
  <message>
   <source>The patch embedding and so many of the first blocks keep their pre-trained weights; at least those that see tiles before they are merged.</source>
   <translation>Die Patch-Einbettung und so viele der ersten Blöcke behalten ihre vortrainierten Gewichte; mindestens die, die Kacheln vor dem Zusammenfassen sehen.</translation>
  </message>
  <message>
   <source>The same seed and cohort give the same folds.</source>
   <translation>Dieselbe Startzahl und Kohorte ergeben dieselben Folds.</translation>
  </message>
  <message>
   <source>The share of each training part that is kept back for early stopping.</source>
   <translation>Der Anteil jedes Trainingsteils, der für das frühe Anhalten zurückbehalten wird.</translation>
  </message>
  <message>
   <source>The side of a tile at that resolution: the backbone's own, 224 for all of the paper's.</source>
   <translation>Die Seite einer Kachel bei dieser Auflösung: die des Backbones, 224 bei allen der Veröffentlichung.</translation>
  </message>
  <message>
   <source>The step size of Adam for the head and last blocks.</source>
   <translation>Die Schrittweite von Adam für den Kopf und die letzten Blöcke.</translation>
  </message>
  <message>
   <source>The unit of distance of alibi: merged tokens, or tiles. alibi_2d always counts tiles.</source>
   <translation>Die Einheit des Abstands von alibi: zusammengefasste Token, oder Kacheln. alibi_2d zählt immer Kacheln.</translation>
  </message>
  <message>
   <source>The way through the slide along which tiles are put side by side.</source>
   <translation>Der Weg durch den Schnitt, auf dem die Kacheln aneinandergelegt werden.</translation>
  </message>
  <message>
   <source>The way through the slide along which tiles are put side by side. A risk model brings its own.</source>
   <translation>Der Weg durch den Schnitt, auf dem die Kacheln aneinandergelegt werden. Ein Risikomodell bringt seinen eigenen mit.</translation>
  </message>
  <message>
   <source>Theme</source>
   <translation>Erscheinungsbild</translation>
  </message>
  <message>
   <source>This share of a slide's tiles is left out, at random, every time it is seen.</source>
   <translation>Dieser Anteil der Kacheln eines Schnitts wird jedes Mal, wenn er gesehen wird, zufällig ausgelassen.</translation>
  </message>
  <message>
   <source>Threads</source>
   <translation>Threads</translation>
  </message>
  <message>
   <source>Tile</source>
   <translation>Kachel</translation>
  </message>
  <message>
   <source>Tiles along a square that is left out; when nothing is said, as few as the number of squares allows.</source>
   <translation>Kacheln entlang eines ausgelassenen Quadrats; ohne Angabe so wenige, wie die Zahl der Quadrate erlaubt.</translation>
  </message>
  <message>
   <source>Time bins</source>
   <translation>Zeitabschnitte</translation>
  </message>
  <message>
   <source>Times uniform has the same colors on every slide. A layer that has no such scale is shown as its values are.</source>
   <translation>„Mal gleichmäßig“ hat auf jedem Schnitt dieselben Farben. Eine Ebene, die keine solche Skala hat, wird gezeigt, wie ihre Werte sind.</translation>
  </message>
  <message>
   <source>Times-uniform</source>
   <translation>Mal gleichmäßig</translation>
  </message>
  <message>
   <source>Tissue</source>
   <translation>Gewebe</translation>
  </message>
  <message>
   <source>Tissue in a tile</source>
   <translation>Gewebe in einer Kachel</translation>
  </message>
  <message>
   <source>Title</source>
   <translation>Titel</translation>
  </message>
  <message>
   <source>Token</source>
   <translation>Token</translation>
  </message>
  <message>
   <source>Tokens a tile</source>
   <translation>Token je Kachel</translation>
  </message>
  <message>
   <source>Tokens kept as</source>
   <translation>Token behalten als</translation>
  </message>
  <message>
   <source>Training stops when the validation part got no better for so many epochs.</source>
   <translation>Das Training hält an, wenn der Validierungsteil so viele Epochen lang nicht besser wurde.</translation>
  </message>
  <message>
   <source>Transformer layer</source>
   <translation>Schicht des Transformers</translation>
  </message>
  <message>
   <source>Turn each tile by quarters and mirror it, at random, every time it is seen.</source>
   <translation>Jede Kachel jedes Mal, wenn sie gesehen wird, zufällig um Viertel drehen und spiegeln.</translation>
  </message>
  <message>
   <source>Turn tiles</source>
   <translation>Kacheln drehen</translation>
  </message>
  <message>
   <source>Up to this much, on a scale of 0 to 1, is added to or taken from each color channel of a slide.</source>
   <translation>Bis zu so viel, auf einer Skala von 0 bis 1, wird jedem Farbkanal eines Schnitts zugegeben oder abgezogen.</translation>
  </message>
  <message>
   <source>Validation part</source>
   <translation>Validierungsteil</translation>
  </message>
  <message>
   <source>Vary the level of colors</source>
   <translation>Helligkeit der Farben variieren</translation>
  </message>
  <message>
   <source>Vary the strength of colors</source>
   <translation>Stärke der Farben variieren</translation>
  </message>
  <message>
   <source>Vik</source>
   <translation>Vik</translation>
  </message>
  <message>
   <source>Viridis</source>
   <translation>Viridis</translation>
  </message>
  <message>
   <source>Weight decay</source>
   <translation>Gewichtsabnahme</translation>
  </message>
  <message>
   <source>What a weight file is of, where its layout does not say it by itself.</source>
   <translation>Wovon eine Gewichtsdatei ist, wo ihr Aufbau es nicht von selbst sagt.</translation>
  </message>
  <message>
   <source>What becomes the slide's embedding: cls, cls+mean, mean, or CONCH's pooler. A risk model brings its own.</source>
   <translation>Was zur Einbettung des Schnitts wird: cls, cls+mean, mean, oder der Pooler von CONCH. Ein Risikomodell bringt seine eigene Art mit.</translation>
  </message>
  <message>
   <source>What becomes the slide's embedding: the CLS token, the mean of the tile tokens, both side by side, or the pooler that the backbone was pre-trained with (CONCH).</source>
   <translation>Was zur Einbettung des Schnitts wird: das CLS-Token, das Mittel der Kachel-Token, beide nebeneinander, oder der Pooler, mit dem das Backbone vortrainiert wurde (CONCH).</translation>
  </message>
  <message>
   <source>What is spread evenly over the folds: events, or events and times.</source>
   <translation>Was gleichmäßig über die Folds verteilt wird: Ereignisse, oder Ereignisse und Zeiten.</translation>
  </message>
  <message>
   <source>What the colors stand for, in numbers.</source>
   <translation>Wofür die Farben stehen, in Zahlen.</translation>
  </message>
  <message>
   <source>What was used longest ago goes first when the cache holds more.</source>
   <translation>Was am längsten nicht verwendet wurde, geht zuerst, wenn der Zwischenspeicher mehr enthält.</translation>
  </message>
  <message>
   <source>Where all random numbers of the run begin.</source>
   <translation>Wo alle Zufallszahlen des Laufs beginnen.</translation>
  </message>
  <message>
   <source>Where averaged patches of slides are kept, so that a slide is read once. Everything there can be made again.</source>
   <translation>Wo gemittelte Patches der Schnitte liegen, damit ein Schnitt nur einmal gelesen wird. Alles dort kann wieder entstehen.</translation>
  </message>
  <message>
   <source>Where models run when the window opens.</source>
   <translation>Wo Modelle laufen, wenn das Fenster aufgeht.</translation>
  </message>
  <message>
   <source>Where the model is trained: the GPU when there is one, else the CPU.</source>
   <translation>Wo das Modell trainiert wird: auf der GPU, wenn es eine gibt, sonst auf der CPU.</translation>
  </message>
  <message>
   <source>Where the model looks at every patch: the numbers in which its tokens are kept; fp32 takes twice the room.</source>
   <translation>Wo das Modell jeden Patch ansieht: die Zahlen, in denen seine Token behalten werden; fp32 braucht doppelt so viel Platz.</translation>
  </message>
  <message>
   <source>Where the model runs: the GPU when there is one, else the CPU.</source>
   <translation>Wo das Modell läuft: auf der GPU, wenn es eine gibt, sonst auf der CPU.</translation>
  </message>
  <message>
   <source>Whether dust and a hair lie on the glass.</source>
   <translation>Ob Staub und ein Haar auf dem Glas liegen.</translation>
  </message>
  <message>
   <source>Width</source>
   <translation>Breite</translation>
  </message>
  <message>
   <source>Width of the picture.</source>
   <translation>Breite des Bildes.</translation>
  </message>
  <message>
   <source>Written at the top. Neither path nor name of the slide is in the figure otherwise.</source>
   <translation>Steht oben. Weder Pfad noch Name des Schnitts stehen sonst in der Abbildung.</translation>
  </message>
  <message>
   <source>Written at the upper left: A, B ...</source>
   <translation>Steht oben links: A, B ...</translation>
  </message>
  <message>
   <source>alibi: attention falls off with the distance along the strip; alibi_2d: with the distance on the slide; learned: the pre-trained positions, stretched over the strip; none: the order does not matter.</source>
   <translation>alibi: die Attention fällt mit dem Abstand entlang des Streifens; alibi_2d: mit dem Abstand auf dem Schnitt; learned: die vortrainierten Positionen, über den Streifen gestreckt; none: die Reihenfolge spielt keine Rolle.</translation>
  </message>
  <message>
   <source>auto: bf16 on a GPU that has it, else fp32.</source>
   <translation>auto: bf16 auf einer GPU, die es hat, sonst fp32.</translation>
  </message>
  <message>
   <source>bf16</source>
   <translation>bf16</translation>
  </message>
  <message>
   <source>bf16 where the device computes it faster, else fp32.</source>
   <translation>bf16, wo das Gerät es schneller rechnet, sonst fp32.</translation>
  </message>
  <message>
   <source>elastic-net: how much of the penalty is L1.</source>
   <translation>elastic-net: wie viel des Strafterms L1 ist.</translation>
  </message>
  <message>
   <source>embeddings: the risk of the mean embedding of the slides; risks: the mean of the slides' risks.</source>
   <translation>embeddings: das Risiko der mittleren Einbettung der Schnitte; risks: das Mittel der Risiken der Schnitte.</translation>
  </message>
  <message>
   <source>fine-tune: the whole vision transformer learns; linear-nll: only one linear layer on its embeddings, as in the paper; linear-cox: a penalised Cox model on its embeddings.</source>
   <translation>fine-tune: der ganze Vision Transformer lernt; linear-nll: nur eine lineare Schicht auf seinen Einbettungen, wie in der Veröffentlichung; linear-cox: ein Cox-Modell mit Strafterm auf seinen Einbettungen.</translation>
  </message>
  <message>
   <source>fp16</source>
   <translation>fp16</translation>
  </message>
  <message>
   <source>fp32</source>
   <translation>fp32</translation>
  </message>
  <message>
   <source>linear methods: put the backbone's weights into the risk model; leave them out where their licence asks for it.</source>
   <translation>lineare Verfahren: die Gewichte des Backbones in das Risikomodell legen; lassen Sie sie weg, wo ihre Lizenz es verlangt.</translation>
  </message>
  <message>
   <source>linear-cox: ridge makes all coefficients smaller, elastic-net also makes some of them zero.</source>
   <translation>linear-cox: ridge macht alle Koeffizienten kleiner, elastic-net macht einige auch null.</translation>
  </message>
  <message>
   <source>linear-cox: the strength of the penalty is chosen by cross-validation inside the training part.</source>
   <translation>linear-cox: die Stärke des Strafterms wird durch Kreuzvalidierung im Trainingsteil gewählt.</translation>
  </message>
  <message>
   <source>linear-nll: bring each embedding value to mean 0 and deviation 1 over the training part (Cox always does).</source>
   <translation>linear-nll: jeden Wert der Einbettung über den Trainingsteil auf Mittel 0 und Abweichung 1 bringen (Cox tut es immer).</translation>
  </message>
  <message>
   <source>nll: likelihood of the time bins, as in the paper; cox: partial likelihood over the patients of a step.</source>
   <translation>nll: Likelihood der Zeitabschnitte, wie in der Veröffentlichung; cox: partielle Likelihood über die Patienten eines Schritts.</translation>
  </message>
  <message>
   <source>{automatic} ({value})</source>
   <translation>{automatic} ({value})</translation>
  </message>
 </context>
 <context>
  <name>FileChoice</name>
  <message>
   <source>All files (*)</source>
   <translation>Alle Dateien (*)</translation>
  </message>
  <message>
   <source>Choose: {name}</source>
   <translation>Auswahl: {name}</translation>
  </message>
  <message>
   <source>Choose…</source>
   <translation>Wählen…</translation>
  </message>
  <message>
   <source>There is no such {what}.</source>
   <translation>{what} gibt es nicht.</translation>
  </message>
  <message>
   <source>file</source>
   <translation>Datei</translation>
  </message>
  <message>
   <source>folder</source>
   <translation>Ordner</translation>
  </message>
 </context>
 <context>
  <name>FlowDrawing</name>
  <message>
   <source>Flow of the cohort</source>
   <translation>Weg der Kohorte</translation>
  </message>
 </context>
 <context>
  <name>GalleryTab</name>
  <message>
   <source>Attention as a multiple of the mean of the slide's tiles, which is 1×. It is not why a risk is high.</source>
   <translation>Attention als Vielfaches des Mittels der Kacheln des Schnitts, das 1× ist. Sie sagt nicht, warum ein Risiko hoch ist.</translation>
  </message>
  <message>
   <source>Least attention</source>
   <translation>Geringste Attention</translation>
  </message>
  <message>
   <source>Most attention</source>
   <translation>Höchste Attention</translation>
  </message>
  <message>
   <source>Stop</source>
   <translation>Anhalten</translation>
  </message>
  <message>
   <source>There are no results of this model yet.</source>
   <translation>Noch gibt es keine Ergebnisse dieses Modells.</translation>
  </message>
  <message>
   <source>Tiles of one slide at most</source>
   <translation>Höchstens so viele Kacheln je Schnitt</translation>
  </message>
  <message>
   <source>Tiles of {n} slides cannot be shown: their files are missing or cannot be read.</source>
   <translation>Kacheln von {n} Schnitten können nicht gezeigt werden: ihre Dateien fehlen oder sind nicht zu lesen.</translation>
  </message>
  <message>
   <source>Tiles with the least attention</source>
   <translation>Kacheln mit der geringsten Attention</translation>
  </message>
  <message>
   <source>Tiles with the most attention</source>
   <translation>Kacheln mit der höchsten Attention</translation>
  </message>
  <message>
   <source>at most {n} of a slide</source>
   <translation>höchstens {n} je Schnitt</translation>
  </message>
  <message>
   <source>{name}, tile {number}: {times}× the mean attention of the slide's tiles</source>
   <translation>{name}, Kachel {number}: {times}× die mittlere Attention der Kacheln des Schnitts</translation>
  </message>
 </context>
 <context>
  <name>GroupPlot</name>
  <message>
   <source>Kaplan-Meier curves of the training cohort</source>
   <translation>Kaplan-Meier-Kurven der Trainingskohorte</translation>
  </message>
  <message>
   <source>The curves of the training cohort stand here once a risk model is chosen.</source>
   <translation>Die Kurven der Trainingskohorte stehen hier, sobald ein Risikomodell gewählt ist.</translation>
  </message>
  <message>
   <source>at risk</source>
   <translation>unter Risiko</translation>
  </message>
  <message>
   <source>censored</source>
   <translation>zensiert</translation>
  </message>
  <message>
   <source>high</source>
   <translation>hoch</translation>
  </message>
  <message>
   <source>high risk</source>
   <translation>hohes Risiko</translation>
  </message>
  <message>
   <source>low</source>
   <translation>niedrig</translation>
  </message>
  <message>
   <source>low risk</source>
   <translation>niedriges Risiko</translation>
  </message>
  <message>
   <source>the slide that is open</source>
   <translation>der geöffnete Schnitt</translation>
  </message>
  <message>
   <source>years</source>
   <translation>Jahre</translation>
  </message>
  <message>
   <source>{endpoint}, 95 % bands</source>
   <translation>{endpoint}, 95-%-Bänder</translation>
  </message>
 </context>
 <context>
  <name>Help</name>
  <message>
   <source>&amp;Help</source>
   <translation>&amp;Hilfe</translation>
  </message>
 </context>
 <context>
  <name>HelpBrowser</name>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Help</source>
   <translation>Hilfe</translation>
  </message>
  <message>
   <source>Help page</source>
   <translation>Hilfeseite</translation>
  </message>
  <message>
   <source>Help pages</source>
   <translation>Hilfeseiten</translation>
  </message>
  <message>
   <source>en</source>
   <translation>de</translation>
  </message>
 </context>
 <context>
  <name>Helping</name>
  <message>
   <source>E2E-ViT Desktop ended unexpectedly the last time.</source>
   <translation>E2E-ViT Desktop wurde beim letzten Mal unerwartet beendet.</translation>
  </message>
  <message>
   <source>Paths, slides' names and your name were taken out. Look it over before you send it.</source>
   <translation>Pfade, Namen der Schnitte und Ihr Name wurden entfernt. Sehen Sie es durch, bevor Sie es senden.</translation>
  </message>
  <message>
   <source>Projects are as they were a second before. The details hold no name and no path: give them to whoever helps you.</source>
   <translation>Projekte sind, wie sie eine Sekunde vorher waren. Die Einzelheiten enthalten keinen Namen und keinen Pfad: geben Sie sie dem, der Ihnen hilft.</translation>
  </message>
  <message>
   <source>The language changes at the next start.</source>
   <translation>Die Sprache wechselt beim nächsten Start.</translation>
  </message>
  <message>
   <source>The log was copied for a report.</source>
   <translation>Das Protokoll wurde für einen Bericht kopiert.</translation>
  </message>
 </context>
 <context>
  <name>HistogramRange</name>
  <message>
   <source>Drag the handles to set which values the colors span; arrow keys move the last one</source>
   <translation>Ziehen Sie die Griffe, um festzulegen, welche Werte die Farben umfassen; die Pfeiltasten bewegen den letzten</translation>
  </message>
  <message>
   <source>Range of the colors</source>
   <translation>Bereich der Farben</translation>
  </message>
 </context>
 <context>
  <name>ImagePanel</name>
  <message>
   <source>"{text}" is not a number.</source>
   <translation>„{text}“ ist keine Zahl.</translation>
  </message>
  <message>
   <source>Change the resolution…</source>
   <translation>Auflösung ändern…</translation>
  </message>
  <message>
   <source>Extent</source>
   <translation>Ausdehnung</translation>
  </message>
  <message>
   <source>Format</source>
   <translation>Format</translation>
  </message>
  <message>
   <source>Give a number.</source>
   <translation>Geben Sie eine Zahl an.</translation>
  </message>
  <message>
   <source>Give the right value where the file says a wrong one.</source>
   <translation>Geben Sie den richtigen Wert an, wo die Datei einen falschen nennt.</translation>
  </message>
  <message>
   <source>Levels</source>
   <translation>Stufen</translation>
  </message>
  <message>
   <source>No slide is open.</source>
   <translation>Kein Schnitt ist offen.</translation>
  </message>
  <message>
   <source>Note</source>
   <translation>Notiz</translation>
  </message>
  <message>
   <source>Objective</source>
   <translation>Objektiv</translation>
  </message>
  <message>
   <source>Reader</source>
   <translation>Leser</translation>
  </message>
  <message>
   <source>Resolution</source>
   <translation>Auflösung</translation>
  </message>
  <message>
   <source>Resolution of the slide in micrometres per pixel</source>
   <translation>Auflösung des Schnitts in Mikrometern je Pixel</translation>
  </message>
  <message>
   <source>Scanner</source>
   <translation>Scanner</translation>
  </message>
  <message>
   <source>Size</source>
   <translation>Größe</translation>
  </message>
  <message>
   <source>The file does not say how large a pixel is, so no tiles can be laid. A 40× scan has about 0.25 µm per pixel, a 20× scan about 0.5.</source>
   <translation>Die Datei sagt nicht, wie groß ein Pixel ist, also können keine Kacheln gelegt werden. Ein 40×-Scan hat etwa 0,25 µm je Pixel, ein 20×-Scan etwa 0,5.</translation>
  </message>
  <message>
   <source>Tissue</source>
   <translation>Gewebe</translation>
  </message>
  <message>
   <source>Use</source>
   <translation>Verwenden</translation>
  </message>
  <message>
   <source>about {power:.3g}×</source>
   <translation>etwa {power:.3g}×</translation>
  </message>
  <message>
   <source>from the file</source>
   <translation>aus der Datei</translation>
  </message>
  <message>
   <source>given by you</source>
   <translation>von Ihnen angegeben</translation>
  </message>
  <message>
   <source>unknown</source>
   <translation>unbekannt</translation>
  </message>
  <message>
   <source>{area:.3g} mm² (outline)</source>
   <translation>{area:.3g} mm² (Umriss)</translation>
  </message>
  <message>
   <source>{share} of the slide</source>
   <translation>{share} des Schnitts</translation>
  </message>
 </context>
 <context>
  <name>JobModel</name>
  <message>
   <source>Details</source>
   <translation>Einzelheiten</translation>
  </message>
  <message>
   <source>Slide</source>
   <translation>Schnitt</translation>
  </message>
  <message>
   <source>State</source>
   <translation>Zustand</translation>
  </message>
  <message>
   <source>cancelled</source>
   <translation>abgebrochen</translation>
  </message>
  <message>
   <source>done</source>
   <translation>fertig</translation>
  </message>
  <message>
   <source>failed</source>
   <translation>fehlgeschlagen</translation>
  </message>
  <message>
   <source>running</source>
   <translation>läuft</translation>
  </message>
  <message>
   <source>waiting</source>
   <translation>wartet</translation>
  </message>
 </context>
 <context>
  <name>JobsLine</name>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Progress</source>
   <translation>Fortschritt</translation>
  </message>
  <message>
   <source>{name}: {step}</source>
   <translation>{name}: {step}</translation>
  </message>
  <message>
   <source>{time} left</source>
   <translation>noch {time}</translation>
  </message>
 </context>
 <context>
  <name>JobsPanel</name>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Cancel all</source>
   <translation>Alle abbrechen</translation>
  </message>
  <message>
   <source>Cancel chosen</source>
   <translation>Gewählte abbrechen</translation>
  </message>
  <message>
   <source>Clear ended</source>
   <translation>Beendete ausblenden</translation>
  </message>
  <message>
   <source>Down</source>
   <translation>Nach unten</translation>
  </message>
  <message>
   <source>No slide is waiting. Choose slides in PROJECT, right click, Analyze.</source>
   <translation>Kein Schnitt wartet. Wählen Sie Schnitte unter PROJEKT, Rechtsklick, Analysieren.</translation>
  </message>
  <message>
   <source>Pause</source>
   <translation>Anhalten</translation>
  </message>
  <message>
   <source>Queue of slides</source>
   <translation>Warteschlange der Schnitte</translation>
  </message>
  <message>
   <source>Resume</source>
   <translation>Fortsetzen</translation>
  </message>
  <message>
   <source>Try again</source>
   <translation>Noch einmal versuchen</translation>
  </message>
  <message>
   <source>Up</source>
   <translation>Nach oben</translation>
  </message>
  <message>
   <source>paused</source>
   <translation>angehalten</translation>
  </message>
  <message>
   <source>{n} done</source>
   <translation>{n} fertig</translation>
  </message>
  <message>
   <source>{n} failed</source>
   <translation>{n} fehlgeschlagen</translation>
  </message>
  <message>
   <source>{n} running</source>
   <translation>{n} laufen</translation>
  </message>
  <message>
   <source>{n} waiting</source>
   <translation>{n} warten</translation>
  </message>
  <message>
   <source>{time} left</source>
   <translation>noch {time}</translation>
  </message>
 </context>
 <context>
  <name>KaplanMeierPlot</name>
  <message>
   <source>Kaplan-Meier curve of the cohort</source>
   <translation>Kaplan-Meier-Kurve der Kohorte</translation>
  </message>
  <message>
   <source>The survival curve of the cohort stands here once there are patients.</source>
   <translation>Die Überlebenskurve der Kohorte steht hier, sobald es Patienten gibt.</translation>
  </message>
  <message>
   <source>median not reached</source>
   <translation>Median nicht erreicht</translation>
  </message>
  <message>
   <source>median {years} years</source>
   <translation>Median {years} Jahre</translation>
  </message>
  <message>
   <source>n</source>
   <translation>n</translation>
  </message>
  <message>
   <source>years</source>
   <translation>Jahre</translation>
  </message>
  <message>
   <source>{endpoint}, 95 % band</source>
   <translation>{endpoint}, 95-%-Band</translation>
  </message>
 </context>
 <context>
  <name>LayerValues</name>
  <message>
   <source>Attention is where the model looked, not why.</source>
   <translation>Attention zeigt, wohin das Modell sah, nicht warum.</translation>
  </message>
  <message>
   <source>Attention is where the model looked, not why. A single head is a part of the model, not its opinion.</source>
   <translation>Attention zeigt, wohin das Modell sah, nicht warum. Ein einzelner Kopf ist ein Teil des Modells, nicht seine Meinung.</translation>
  </message>
  <message>
   <source>How far the fold models disagree on what the square adds to the risk (standard deviation).</source>
   <translation>Wie uneinig die Modelle der Folds sind, was das Quadrat zum Risiko beiträgt (Standardabweichung).</translation>
  </message>
  <message>
   <source>No trained head, so no risk: how far the embedding moves without the square (cosine distance).</source>
   <translation>Kein trainierter Kopf, also kein Risiko: wie weit sich die Einbettung ohne das Quadrat verschiebt (Kosinusabstand).</translation>
  </message>
  <message>
   <source>Rollout multiplies attention through all layers: where information came from, not why it mattered.</source>
   <translation>Rollout multipliziert die Attention durch alle Schichten: woher Information kam, nicht warum sie zählte.</translation>
  </message>
  <message>
   <source>What the risk loses without the square: what this model depends on, not what causes the disease.</source>
   <translation>Was dem Risiko ohne das Quadrat fehlt: wovon dieses Modell abhängt, nicht was die Krankheit verursacht.</translation>
  </message>
  <message>
   <source>added to the risk</source>
   <translation>zum Risiko hinzu</translation>
  </message>
  <message>
   <source>attention × number of tiles</source>
   <translation>Attention × Zahl der Kacheln</translation>
  </message>
  <message>
   <source>attention × number of tiles, log scale</source>
   <translation>Attention × Zahl der Kacheln, logarithmisch</translation>
  </message>
  <message>
   <source>distance of the embedding</source>
   <translation>Abstand der Einbettung</translation>
  </message>
  <message>
   <source>share of the rollout</source>
   <translation>Anteil am Rollout</translation>
  </message>
  <message>
   <source>share of the rollout, log scale</source>
   <translation>Anteil am Rollout, logarithmisch</translation>
  </message>
  <message>
   <source>spread of the fold models</source>
   <translation>Streuung der Fold-Modelle</translation>
  </message>
  <message>
   <source>times uniform rollout</source>
   <translation>mal gleichmäßiger Rollout</translation>
  </message>
  <message>
   <source>tissue in the tile</source>
   <translation>Gewebe in der Kachel</translation>
  </message>
 </context>
 <context>
  <name>LogPanel</name>
  <message>
   <source>Copy all</source>
   <translation>Alles kopieren</translation>
  </message>
  <message>
   <source>Copy for a report</source>
   <translation>Für einen Bericht kopieren</translation>
  </message>
  <message>
   <source>Copy versions and log with paths, slides' names and your name taken out</source>
   <translation>Versionen und Protokoll kopieren, ohne Pfade, Namen der Schnitte und Ihren Namen</translation>
  </message>
  <message>
   <source>Log</source>
   <translation>Protokoll</translation>
  </message>
 </context>
 <context>
  <name>MagnificationField</name>
  <message>
   <source>Magnification</source>
   <translation>Vergrößerung</translation>
  </message>
  <message>
   <source>Magnification: double click to type it</source>
   <translation>Vergrößerung: Doppelklick, um sie einzugeben</translation>
  </message>
 </context>
 <context>
  <name>MainWindow</name>
  <message>
   <source>Export the regions as regions.geojson for it.</source>
   <translation>Die Regionen dafür als regions.geojson exportieren.</translation>
  </message>
  <message>
   <source>The command was copied.</source>
   <translation>Der Befehl wurde kopiert.</translation>
  </message>
  <message>
   <source>{name} (read-only)</source>
   <translation>{name} (schreibgeschützt)</translation>
  </message>
 </context>
 <context>
  <name>MapKey</name>
  <message>
   <source>Colors of the frames</source>
   <translation>Farben der Rahmen</translation>
  </message>
  <message>
   <source>Risk, colored by rank</source>
   <translation>Risiko, nach Rang gefärbt</translation>
  </message>
  <message>
   <source>the slide that is open</source>
   <translation>der geöffnete Schnitt</translation>
  </message>
 </context>
 <context>
  <name>MapTab</name>
  <message>
   <source>A map needs at least {n} analyzed slides; there are {there}.</source>
   <translation>Eine Karte braucht mindestens {n} analysierte Schnitte; es gibt {there}.</translation>
  </message>
  <message>
   <source>How the slides are laid out</source>
   <translation>Wie die Schnitte angeordnet werden</translation>
  </message>
  <message>
   <source>PCA</source>
   <translation>PCA</translation>
  </message>
  <message>
   <source>Principal components: {x:.0f} % of the variance from left to right, {y:.0f} % from bottom to top.</source>
   <translation>Hauptkomponenten: {x:.0f} % der Varianz von links nach rechts, {y:.0f} % von unten nach oben.</translation>
  </message>
  <message>
   <source>Show all</source>
   <translation>Alle zeigen</translation>
  </message>
  <message>
   <source>Slides in nearly one place stand a little apart.</source>
   <translation>Schnitte an fast derselben Stelle stehen etwas auseinander.</translation>
  </message>
  <message>
   <source>Slides that lie near each other look alike to the model. A click opens one.</source>
   <translation>Schnitte, die nah beieinander liegen, sehen für das Modell ähnlich aus. Ein Klick öffnet einen.</translation>
  </message>
  <message>
   <source>UMAP</source>
   <translation>UMAP</translation>
  </message>
  <message>
   <source>UMAP: neighbours are kept, distances and axes mean nothing.</source>
   <translation>UMAP: Nachbarn bleiben Nachbarn, Abstände und Achsen bedeuten nichts.</translation>
  </message>
 </context>
 <context>
  <name>MapView</name>
  <message>
   <source>Map of the slides</source>
   <translation>Karte der Schnitte</translation>
  </message>
 </context>
 <context>
  <name>MappingEditor</name>
  <message>
   <source>Clinical columns</source>
   <translation>Klinische Spalten</translation>
  </message>
  <message>
   <source>Endpoint</source>
   <translation>Endpunkt</translation>
  </message>
  <message>
   <source>For the clinical baseline beside the model.</source>
   <translation>Für den klinischen Vergleich neben dem Modell.</translation>
  </message>
  <message>
   <source>Means censored</source>
   <translation>Bedeutet zensiert</translation>
  </message>
  <message>
   <source>Means the event</source>
   <translation>Bedeutet das Ereignis</translation>
  </message>
  <message>
   <source>Names of slide files</source>
   <translation>Namen der Schnittdateien</translation>
  </message>
  <message>
   <source>Unit of time</source>
   <translation>Zeiteinheit</translation>
  </message>
  <message>
   <source>as the table says; or a pattern like {patient}-*</source>
   <translation>wie die Tabelle sagt; oder ein Muster wie {patient}-*</translation>
  </message>
  <message>
   <source>none</source>
   <translation>keine</translation>
  </message>
 </context>
 <context>
  <name>MemberDots</name>
  <message>
   <source>Out-of-fold risks of the training cohort: {low} to {high}</source>
   <translation>Out-of-fold-Risiken der Trainingskohorte: {low} bis {high}</translation>
  </message>
  <message>
   <source>Risk by each fold model: {risks}</source>
   <translation>Risiko nach jedem Fold-Modell: {risks}</translation>
  </message>
  <message>
   <source>Risks of the fold models</source>
   <translation>Risiken der Fold-Modelle</translation>
  </message>
  <message>
   <source>mean {risk}</source>
   <translation>Mittel {risk}</translation>
  </message>
 </context>
 <context>
  <name>Menus</name>
  <message>
   <source>&amp;Analyze</source>
   <translation>&amp;Analysieren</translation>
  </message>
  <message>
   <source>&amp;Edit</source>
   <translation>&amp;Bearbeiten</translation>
  </message>
  <message>
   <source>&amp;File</source>
   <translation>&amp;Datei</translation>
  </message>
  <message>
   <source>&amp;Help</source>
   <translation>&amp;Hilfe</translation>
  </message>
  <message>
   <source>&amp;Magnification</source>
   <translation>&amp;Vergrößerung</translation>
  </message>
  <message>
   <source>&amp;Results</source>
   <translation>&amp;Ergebnisse</translation>
  </message>
  <message>
   <source>&amp;Theme</source>
   <translation>&amp;Erscheinungsbild</translation>
  </message>
  <message>
   <source>&amp;View</source>
   <translation>&amp;Ansicht</translation>
  </message>
  <message>
   <source>&amp;Window</source>
   <translation>&amp;Fenster</translation>
  </message>
 </context>
 <context>
  <name>ModelButton</name>
  <message>
   <source>Choose a model</source>
   <translation>Modell wählen</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modell</translation>
  </message>
  <message>
   <source>Which model analyzes the slide</source>
   <translation>Welches Modell den Schnitt analysiert</translation>
  </message>
 </context>
 <context>
  <name>ModelManager</name>
  <message>
   <source>"{text}" is not a number.</source>
   <translation>„{text}“ ist keine Zahl.</translation>
  </message>
  <message>
   <source>0.5 throughout</source>
   <translation>überall 0,5</translation>
  </message>
  <message>
   <source>A risk model: it gives risk and survival. Its folder stays where it is.</source>
   <translation>Ein Risikomodell: es gibt Risiko und Überleben an. Sein Ordner bleibt, wo er ist.</translation>
  </message>
  <message>
   <source>A token with the right to read says who you are. Never give it to anybody.</source>
   <translation>Ein Token mit Leserecht sagt, wer Sie sind. Geben Sie es niemandem.</translation>
  </message>
  <message>
   <source>Accept the licence</source>
   <translation>Lizenz annehmen</translation>
  </message>
  <message>
   <source>Accept the licence first</source>
   <translation>Zuerst die Lizenz annehmen</translation>
  </message>
  <message>
   <source>Accepted by you on {day}.</source>
   <translation>Von Ihnen angenommen am {day}.</translation>
  </message>
  <message>
   <source>Access token</source>
   <translation>Zugangstoken</translation>
  </message>
  <message>
   <source>Access token of the Hugging Face hub:</source>
   <translation>Zugangstoken des Hugging Face Hub:</translation>
  </message>
  <message>
   <source>Access token: one is stored. Another:</source>
   <translation>Zugangstoken: eines ist gespeichert. Ein anderes:</translation>
  </message>
  <message>
   <source>Add</source>
   <translation>Hinzufügen</translation>
  </message>
  <message>
   <source>Add a model</source>
   <translation>Modell hinzufügen</translation>
  </message>
  <message>
   <source>Add a risk model…</source>
   <translation>Risikomodell hinzufügen…</translation>
  </message>
  <message>
   <source>Add a weight file…</source>
   <translation>Gewichtsdatei hinzufügen…</translation>
  </message>
  <message>
   <source>As in timm.list_models, with a tag of your own.</source>
   <translation>Wie in timm.list_models, mit einer eigenen Endung.</translation>
  </message>
  <message>
   <source>Backbone</source>
   <translation>Backbone</translation>
  </message>
  <message>
   <source>Bound to no resolution.</source>
   <translation>An keine Auflösung gebunden.</translation>
  </message>
  <message>
   <source>CLIP</source>
   <translation>CLIP</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Check</source>
   <translation>Prüfen</translation>
  </message>
  <message>
   <source>Check all</source>
   <translation>Alle prüfen</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Compare every file that is here with its hash, and see whether it loads</source>
   <translation>Jede vorhandene Datei mit ihrer Prüfsumme vergleichen und sehen, ob sie sich laden lässt</translation>
  </message>
  <message>
   <source>Compare the file with its hash, and see whether it loads</source>
   <translation>Die Datei mit ihrer Prüfsumme vergleichen und sehen, ob sie sich laden lässt</translation>
  </message>
  <message>
   <source>Download, about {size}</source>
   <translation>Herunterladen, etwa {size}</translation>
  </message>
  <message>
   <source>Else it is linked into the program's folder, or copied where it cannot be linked.</source>
   <translation>Sonst wird sie in den Ordner des Programms verknüpft, oder kopiert, wo das nicht geht.</translation>
  </message>
  <message>
   <source>Finds tissue on slides, at {mpp:g} µm/px: chosen under Tissue in the settings of an analysis.</source>
   <translation>Findet Gewebe auf Schnitten, bei {mpp:g} µm/px: wählbar unter Gewebe in den Einstellungen einer Analyse.</translation>
  </message>
  <message>
   <source>Folder of a risk model</source>
   <translation>Ordner eines Risikomodells</translation>
  </message>
  <message>
   <source>Give red, green and blue, each from 0 to 1.</source>
   <translation>Geben Sie Rot, Grün und Blau an, jeweils von 0 bis 1.</translation>
  </message>
  <message>
   <source>Go on with the download</source>
   <translation>Herunterladen fortsetzen</translation>
  </message>
  <message>
   <source>ImageNet</source>
   <translation>ImageNet</translation>
  </message>
  <message>
   <source>Its layout says what it is</source>
   <translation>Was sein Aufbau sagt</translation>
  </message>
  <message>
   <source>Leave the file where it is</source>
   <translation>Die Datei lassen, wo sie ist</translation>
  </message>
  <message>
   <source>Licence</source>
   <translation>Lizenz</translation>
  </message>
  <message>
   <source>Make a token</source>
   <translation>Token erzeugen</translation>
  </message>
  <message>
   <source>Mean</source>
   <translation>Mittel</translation>
  </message>
  <message>
   <source>Mean and std are missing.</source>
   <translation>Mittelwert und Standardabweichung fehlen.</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modell</translation>
  </message>
  <message>
   <source>Models</source>
   <translation>Modelle</translation>
  </message>
  <message>
   <source>Most models use 0.5.</source>
   <translation>Die meisten Modelle verwenden 0,5.</translation>
  </message>
  <message>
   <source>Name in timm</source>
   <translation>Name in timm</translation>
  </message>
  <message>
   <source>Normalization</source>
   <translation>Normalisierung</translation>
  </message>
  <message>
   <source>Not on this machine. Free to download once the licence is accepted.</source>
   <translation>Nicht auf diesem Rechner. Frei herunterzuladen, sobald die Lizenz angenommen ist.</translation>
  </message>
  <message>
   <source>Not on this machine. Free to download.</source>
   <translation>Nicht auf diesem Rechner. Frei herunterzuladen.</translation>
  </message>
  <message>
   <source>Not on this machine. The authors give it on request: ask for access on its page, with the account of your token.</source>
   <translation>Nicht auf diesem Rechner. Die Autoren geben es auf Anfrage heraus: bitten Sie auf seiner Seite um Zugang, mit dem Konto Ihres Tokens.</translation>
  </message>
  <message>
   <source>On this machine, ready to use.</source>
   <translation>Auf diesem Rechner, bereit.</translation>
  </message>
  <message>
   <source>Page of the model</source>
   <translation>Seite des Modells</translation>
  </message>
  <message>
   <source>Progress</source>
   <translation>Fortschritt</translation>
  </message>
  <message>
   <source>Remove</source>
   <translation>Entfernen</translation>
  </message>
  <message>
   <source>Remove a model</source>
   <translation>Modell entfernen</translation>
  </message>
  <message>
   <source>Remove {title} from this machine?</source>
   <translation>{title} von diesem Rechner entfernen?</translation>
  </message>
  <message>
   <source>Remove…</source>
   <translation>Entfernen…</translation>
  </message>
  <message>
   <source>Resolution</source>
   <translation>Auflösung</translation>
  </message>
  <message>
   <source>Resolution, µm/px</source>
   <translation>Auflösung, µm/px</translation>
  </message>
  <message>
   <source>Risk model</source>
   <translation>Risikomodell</translation>
  </message>
  <message>
   <source>Size</source>
   <translation>Größe</translation>
  </message>
  <message>
   <source>Std</source>
   <translation>Std</translation>
  </message>
  <message>
   <source>Store</source>
   <translation>Speichern</translation>
  </message>
  <message>
   <source>Text of the licence</source>
   <translation>Text der Lizenz</translation>
  </message>
  <message>
   <source>The file itself stays where it is.</source>
   <translation>Die Datei selbst bleibt, wo sie ist.</translation>
  </message>
  <message>
   <source>The name in timm is missing.</source>
   <translation>Der Name in timm fehlt.</translation>
  </message>
  <message>
   <source>Trained at {mpp:g} µm/px.</source>
   <translation>Trainiert bei {mpp:g} µm/px.</translation>
  </message>
  <message>
   <source>Used from its own place: {name}.</source>
   <translation>Wird von seinem eigenen Ort verwendet: {name}.</translation>
  </message>
  <message>
   <source>Vision transformer of {millions} million parameters: {depth} blocks, {px} px patches, width {width}.</source>
   <translation>Vision Transformer mit {millions} Millionen Parametern: {depth} Blöcke, Patches von {px} px, Breite {width}.</translation>
  </message>
  <message>
   <source>Weights</source>
   <translation>Gewichte</translation>
  </message>
  <message>
   <source>Weights (*.safetensors *.pth *.pt *.bin);;All files (*)</source>
   <translation>Gewichte (*.safetensors *.pth *.pt *.bin);;Alle Dateien (*)</translation>
  </message>
  <message>
   <source>Weights of a backbone</source>
   <translation>Gewichte eines Backbones</translation>
  </message>
  <message>
   <source>Weights of a known backbone</source>
   <translation>Gewichte eines bekannten Backbones</translation>
  </message>
  <message>
   <source>Weights of a model of timm</source>
   <translation>Gewichte eines Modells aus timm</translation>
  </message>
  <message>
   <source>What is {name}?</source>
   <translation>Was ist {name}?</translation>
  </message>
  <message>
   <source>Your own file is not at its place any more, or has another size. Remove it, and add it again.</source>
   <translation>Ihre eigene Datei ist nicht mehr an ihrem Ort oder hat eine andere Größe. Entfernen Sie sie, und fügen Sie sie wieder hinzu.</translation>
  </message>
  <message>
   <source>Your own file, ready to use.</source>
   <translation>Ihre eigene Datei, bereit.</translation>
  </message>
  <message>
   <source>about {size}</source>
   <translation>etwa {size}</translation>
  </message>
  <message>
   <source>any</source>
   <translation>beliebig</translation>
  </message>
  <message>
   <source>as timm publishes with this name</source>
   <translation>wie timm es unter diesem Namen veröffentlicht</translation>
  </message>
  <message>
   <source>file gone</source>
   <translation>Datei fehlt</translation>
  </message>
  <message>
   <source>half here</source>
   <translation>halb da</translation>
  </message>
  <message>
   <source>here</source>
   <translation>da</translation>
  </message>
  <message>
   <source>hf_…</source>
   <translation>hf_…</translation>
  </message>
  <message>
   <source>not stated</source>
   <translation>nicht genannt</translation>
  </message>
  <message>
   <source>on request</source>
   <translation>auf Anfrage</translation>
  </message>
  <message>
   <source>other numbers</source>
   <translation>andere Zahlen</translation>
  </message>
  <message>
   <source>to download</source>
   <translation>herunterzuladen</translation>
  </message>
  <message>
   <source>your file</source>
   <translation>Ihre Datei</translation>
  </message>
  <message>
   <source>{came} of {whole}</source>
   <translation>{came} von {whole}</translation>
  </message>
  <message>
   <source>{size} came before the download was stopped. It goes on from there.</source>
   <translation>{size} kamen, bevor das Herunterladen angehalten wurde. Es geht von dort weiter.</translation>
  </message>
  <message>
   <source>{size} will be freed.</source>
   <translation>{size} werden frei.</translation>
  </message>
  <message>
   <source>{time} left</source>
   <translation>noch {time}</translation>
  </message>
 </context>
 <context>
  <name>ModelMenu</name>
  <message>
   <source>Backbones not on this machine</source>
   <translation>Backbones, die nicht auf diesem Rechner sind</translation>
  </message>
  <message>
   <source>Backbones on this machine</source>
   <translation>Backbones auf diesem Rechner</translation>
  </message>
  <message>
   <source>Models…</source>
   <translation>Modelle…</translation>
  </message>
  <message>
   <source>Recent</source>
   <translation>Zuletzt geöffnet</translation>
  </message>
  <message>
   <source>Risk model folder…</source>
   <translation>Ordner eines Risikomodells…</translation>
  </message>
  <message>
   <source>Risk models</source>
   <translation>Risikomodelle</translation>
  </message>
  <message>
   <source>Weight file…</source>
   <translation>Gewichtsdatei…</translation>
  </message>
  <message>
   <source>free to download</source>
   <translation>frei herunterzuladen</translation>
  </message>
  <message>
   <source>on request</source>
   <translation>auf Anfrage</translation>
  </message>
 </context>
 <context>
  <name>ModelPresenter</name>
  <message>
   <source>Analysis</source>
   <translation>Analyse</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modell</translation>
  </message>
  <message>
   <source>The analysis was cancelled.</source>
   <translation>Die Analyse wurde abgebrochen.</translation>
  </message>
  <message>
   <source>The model is at work: wait until it has ended, or cancel it.</source>
   <translation>Das Modell arbeitet: warten Sie, bis es fertig ist, oder brechen Sie ab.</translation>
  </message>
  <message>
   <source>looking at the weight file</source>
   <translation>die Gewichtsdatei wird angesehen</translation>
  </message>
  <message>
   <source>starting the model's process</source>
   <translation>der Prozess des Modells startet</translation>
  </message>
 </context>
 <context>
  <name>OpacitySlider</name>
  <message>
   <source>Opacity</source>
   <translation>Deckkraft</translation>
  </message>
  <message>
   <source>Opacity of the overlay</source>
   <translation>Deckkraft der Überlagerung</translation>
  </message>
  <message>
   <source>Opacity of the overlay (Ctrl+wheel)</source>
   <translation>Deckkraft der Überlagerung (Strg+Rad)</translation>
  </message>
 </context>
 <context>
  <name>OpenedSlide</name>
  <message>
   <source>Add a slide</source>
   <translation>Schnitt hinzufügen</translation>
  </message>
  <message>
   <source>Resolution</source>
   <translation>Auflösung</translation>
  </message>
 </context>
 <context>
  <name>OverlayPanel</name>
  <message>
   <source> (percentile)</source>
   <translation> (Perzentil)</translation>
  </message>
  <message>
   <source>As they are</source>
   <translation>Wie sie sind</translation>
  </message>
  <message>
   <source>Attention head</source>
   <translation>Attention-Kopf</translation>
  </message>
  <message>
   <source>Attention, last layer</source>
   <translation>Attention, letzte Schicht</translation>
  </message>
  <message>
   <source>Attention, layer and head</source>
   <translation>Attention, Schicht und Kopf</translation>
  </message>
  <message>
   <source>Attention, rolled out</source>
   <translation>Attention, ausgerollt</translation>
  </message>
  <message>
   <source>Colors</source>
   <translation>Farben</translation>
  </message>
  <message>
   <source>Contour lines</source>
   <translation>Höhenlinien</translation>
  </message>
  <message>
   <source>Contours</source>
   <translation>Höhenlinien</translation>
  </message>
  <message>
   <source>Disagreement of the folds</source>
   <translation>Uneinigkeit der Folds</translation>
  </message>
  <message>
   <source>Each tile as the transformer gets it: the mean of its patches.</source>
   <translation>Jede Kachel, wie der Transformer sie bekommt: das Mittel ihrer Patches.</translation>
  </message>
  <message>
   <source>Each tile as the transformer gets it: the mean of its patches. The mean color alone explains {share} of the variance of the tiles' tokens on this slide.</source>
   <translation>Jede Kachel, wie der Transformer sie bekommt: das Mittel ihrer Patches. Die mittlere Farbe allein erklärt auf diesem Schnitt {share} der Varianz der Kachel-Token.</translation>
  </message>
  <message>
   <source>Hide tiles below the range</source>
   <translation>Kacheln unter dem Bereich ausblenden</translation>
  </message>
  <message>
   <source>Keep this range when another slide is analyzed, so that colors can be compared</source>
   <translation>Diesen Bereich behalten, wenn ein anderer Schnitt analysiert wird, damit Farben vergleichbar sind</translation>
  </message>
  <message>
   <source>Layer</source>
   <translation>Ebene</translation>
  </message>
  <message>
   <source>Lines of equal value, evenly over the range, smoothed over neighboring tiles</source>
   <translation>Linien gleichen Werts, gleichmäßig über den Bereich, über Nachbarkacheln geglättet</translation>
  </message>
  <message>
   <source>Logarithmic</source>
   <translation>Logarithmisch</translation>
  </message>
  <message>
   <source>Occlusion: without each square</source>
   <translation>Verdeckung: ohne jedes Quadrat</translation>
  </message>
  <message>
   <source>Opacity</source>
   <translation>Deckkraft</translation>
  </message>
  <message>
   <source>Open a slide to see where a model looked.</source>
   <translation>Öffnen Sie einen Schnitt, um zu sehen, wohin ein Modell geschaut hat.</translation>
  </message>
  <message>
   <source>Rank</source>
   <translation>Rang</translation>
  </message>
  <message>
   <source>Run a model to see where it looked. How much of each tile is tissue can be shown without one.</source>
   <translation>Lassen Sie ein Modell laufen, um zu sehen, wohin es geschaut hat. Wie viel jeder Kachel Gewebe ist, lässt sich ohne eines zeigen.</translation>
  </message>
  <message>
   <source>Same range on every slide</source>
   <translation>Derselbe Bereich auf jedem Schnitt</translation>
  </message>
  <message>
   <source>Scale</source>
   <translation>Skala</translation>
  </message>
  <message>
   <source>Smooth between tiles</source>
   <translation>Zwischen Kacheln glätten</translation>
  </message>
  <message>
   <source>The tiles have changed: run the model again to see where it looks.</source>
   <translation>Die Kacheln haben sich geändert: lassen Sie das Modell noch einmal laufen, um zu sehen, wohin es sieht.</translation>
  </message>
  <message>
   <source>Times uniform</source>
   <translation>Mal gleichmäßig</translation>
  </message>
  <message>
   <source>Tissue in the tile</source>
   <translation>Gewebe in der Kachel</translation>
  </message>
  <message>
   <source>Transformer layer</source>
   <translation>Schicht des Transformers</translation>
  </message>
  <message>
   <source>What the model sees</source>
   <translation>Was das Modell sieht</translation>
  </message>
  <message>
   <source>Whole range</source>
   <translation>Ganzer Bereich</translation>
  </message>
  <message>
   <source>all heads</source>
   <translation>alle Köpfe</translation>
  </message>
  <message>
   <source>head {number}</source>
   <translation>Kopf {number}</translation>
  </message>
  <message>
   <source>layer {number}</source>
   <translation>Schicht {number}</translation>
  </message>
  <message>
   <source>none</source>
   <translation>keine</translation>
  </message>
  <message>
   <source>{count} lines</source>
   <translation>{count} Zeilen</translation>
  </message>
  <message>
   <source>{low} to {high} tissue</source>
   <translation>{low} bis {high} Gewebe</translation>
  </message>
  <message>
   <source>{shown} of {count} tiles</source>
   <translation>{shown} von {count} Kacheln</translation>
  </message>
 </context>
 <context>
  <name>Overview</name>
  <message>
   <source>Overview of the slide</source>
   <translation>Übersicht des Schnitts</translation>
  </message>
  <message>
   <source>Overview: click to go there</source>
   <translation>Übersicht: ein Klick führt hin</translation>
  </message>
 </context>
 <context>
  <name>Pane</name>
  <message>
   <source>, percentile {place:.0f}</source>
   <translation>, Perzentil {place:.0f}</translation>
  </message>
  <message>
   <source>no risk</source>
   <translation>kein Risiko</translation>
  </message>
  <message>
   <source>not analyzed</source>
   <translation>nicht analysiert</translation>
  </message>
  <message>
   <source>risk {risk}</source>
   <translation>Risiko {risk}</translation>
  </message>
 </context>
 <context>
  <name>Preflight</name>
  <message>
   <source>CPU</source>
   <translation>CPU</translation>
  </message>
  <message>
   <source>CPU (no NVIDIA GPU found)</source>
   <translation>CPU (keine NVIDIA-GPU gefunden)</translation>
  </message>
  <message>
   <source>Choose a model.</source>
   <translation>Wählen Sie ein Modell.</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Gerät</translation>
  </message>
  <message>
   <source>GPU</source>
   <translation>GPU</translation>
  </message>
  <message>
   <source>Licence</source>
   <translation>Lizenz</translation>
  </message>
  <message>
   <source>Memory</source>
   <translation>Arbeitsspeicher</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modell</translation>
  </message>
  <message>
   <source>No NVIDIA GPU was found on this machine: choose another device.</source>
   <translation>Auf diesem Rechner wurde keine NVIDIA-GPU gefunden: wählen Sie ein anderes Gerät.</translation>
  </message>
  <message>
   <source>No tile holds enough tissue: lower the share of tissue in a tile.</source>
   <translation>Keine Kachel enthält genug Gewebe: senken Sie den Gewebeanteil einer Kachel.</translation>
  </message>
  <message>
   <source>Open a slide first.</source>
   <translation>Öffnen Sie zuerst einen Schnitt.</translation>
  </message>
  <message>
   <source>Pixels</source>
   <translation>Pixel</translation>
  </message>
  <message>
   <source>Resolution</source>
   <translation>Auflösung</translation>
  </message>
  <message>
   <source>Slide</source>
   <translation>Schnitt</translation>
  </message>
  <message>
   <source>The file does not say how large a pixel is: give it in the IMAGE panel.</source>
   <translation>Die Datei sagt nicht, wie groß ein Pixel ist: geben Sie es im Bereich BILD an.</translation>
  </message>
  <message>
   <source>The tiles are being laid.</source>
   <translation>Die Kacheln werden gelegt.</translation>
  </message>
  <message>
   <source>The tiles were not laid to the end.</source>
   <translation>Die Kacheln wurden nicht zu Ende gelegt.</translation>
  </message>
  <message>
   <source>The tissue is being found.</source>
   <translation>Das Gewebe wird gesucht.</translation>
  </message>
  <message>
   <source>The tissue was not looked for to the end.</source>
   <translation>Das Gewebe wurde nicht zu Ende gesucht.</translation>
  </message>
  <message>
   <source>The weight file is being looked at.</source>
   <translation>Die Gewichtsdatei wird angesehen.</translation>
  </message>
  <message>
   <source>Tiles</source>
   <translation>Kacheln</translation>
  </message>
  <message>
   <source>Time</source>
   <translation>Zeit</translation>
  </message>
  <message>
   <source>Tissue</source>
   <translation>Gewebe</translation>
  </message>
  <message>
   <source>about {need} of {free} free</source>
   <translation>etwa {need} von {free} frei</translation>
  </message>
  <message>
   <source>about {time}</source>
   <translation>etwa {time}</translation>
  </message>
  <message>
   <source>averaged {factor:.3g}× from level {level}</source>
   <translation>{factor:.3g}-fach gemittelt aus Stufe {level}</translation>
  </message>
  <message>
   <source>being found…</source>
   <translation>wird gesucht…</translation>
  </message>
  <message>
   <source>being recognized…</source>
   <translation>wird erkannt…</translation>
  </message>
  <message>
   <source>from the file</source>
   <translation>aus der Datei</translation>
  </message>
  <message>
   <source>given by you</source>
   <translation>von Ihnen angegeben</translation>
  </message>
  <message>
   <source>level {level}, not resampled</source>
   <translation>Stufe {level}, nicht umgerechnet</translation>
  </message>
  <message>
   <source>none</source>
   <translation>keine</translation>
  </message>
  <message>
   <source>none is chosen</source>
   <translation>keines ist gewählt</translation>
  </message>
  <message>
   <source>none is open</source>
   <translation>keiner ist offen</translation>
  </message>
  <message>
   <source>not found</source>
   <translation>nicht gefunden</translation>
  </message>
  <message>
   <source>not resampled</source>
   <translation>nicht umgerechnet</translation>
  </message>
  <message>
   <source>unknown</source>
   <translation>unbekannt</translation>
  </message>
  <message>
   <source>{area:.3g} mm² (outline)</source>
   <translation>{area:.3g} mm² (Umriss)</translation>
  </message>
  <message>
   <source>{count}, each {side} × {side} px</source>
   <translation>{count}, je {side} × {side} px</translation>
  </message>
  <message>
   <source>{mpp:.3g} µm/px, {how}</source>
   <translation>{mpp:.3g} µm/px, {how}</translation>
  </message>
  <message>
   <source>{title} (no risk, attention only)</source>
   <translation>{title} (kein Risiko, nur Attention)</translation>
  </message>
 </context>
 <context>
  <name>Presenter</name>
  <message>
   <source>A part of the slide cannot be read.</source>
   <translation>Ein Teil des Schnitts kann nicht gelesen werden.</translation>
  </message>
  <message>
   <source>Correcting the tissue</source>
   <translation>Das Gewebe wird korrigiert</translation>
  </message>
  <message>
   <source>Finding tissue</source>
   <translation>Gewebe wird gesucht</translation>
  </message>
  <message>
   <source>Laying tiles</source>
   <translation>Kacheln werden gelegt</translation>
  </message>
  <message>
   <source>Opening the slide</source>
   <translation>Der Schnitt wird geöffnet</translation>
  </message>
 </context>
 <context>
  <name>Preview</name>
  <message>
   <source>Drawing…</source>
   <translation>Wird gezeichnet…</translation>
  </message>
  <message>
   <source>Preview of the figure</source>
   <translation>Vorschau der Abbildung</translation>
  </message>
 </context>
 <context>
  <name>ProgramSettingsDialog</name>
  <message>
   <source>A setting is outside its limits.</source>
   <translation>Eine Einstellung liegt außerhalb ihrer Grenzen.</translation>
  </message>
  <message>
   <source>Cache</source>
   <translation>Zwischenspeicher</translation>
  </message>
  <message>
   <source>Cache folder</source>
   <translation>Ordner des Zwischenspeichers</translation>
  </message>
  <message>
   <source>Choose folder…</source>
   <translation>Ordner wählen…</translation>
  </message>
  <message>
   <source>Computing</source>
   <translation>Rechnen</translation>
  </message>
  <message>
   <source>Empty the cache</source>
   <translation>Zwischenspeicher leeren</translation>
  </message>
  <message>
   <source>Folder for the cache</source>
   <translation>Ordner für den Zwischenspeicher</translation>
  </message>
  <message>
   <source>It holds {size} now.</source>
   <translation>Er enthält jetzt {size}.</translation>
  </message>
  <message>
   <source>Looking what the cache holds…</source>
   <translation>Es wird nachgesehen, was der Zwischenspeicher enthält…</translation>
  </message>
  <message>
   <source>Nothing is lost that cannot be made again: slides are read again when needed.</source>
   <translation>Nichts geht verloren, was nicht wieder entstehen kann: Schnitte werden bei Bedarf noch einmal gelesen.</translation>
  </message>
  <message>
   <source>Settings</source>
   <translation>Einstellungen</translation>
  </message>
  <message>
   <source>Window</source>
   <translation>Fenster</translation>
  </message>
 </context>
 <context>
  <name>ProjectPanel</name>
  <message>
   <source>&amp;Analyze</source>
   <translation>&amp;Analysieren</translation>
  </message>
  <message>
   <source>&amp;Compare</source>
   <translation>&amp;Vergleichen</translation>
  </message>
  <message>
   <source>&amp;Find missing slides…</source>
   <translation>&amp;Fehlende Schnitte suchen…</translation>
  </message>
  <message>
   <source>&amp;Open</source>
   <translation>Ö&amp;ffnen</translation>
  </message>
  <message>
   <source>&amp;Remove from the project</source>
   <translation>Aus dem Projekt &amp;entfernen</translation>
  </message>
  <message>
   <source>, {n} chosen</source>
   <translation>, {n} gewählt</translation>
  </message>
  <message>
   <source>1 slide</source>
   <translation>1 Schnitt</translation>
  </message>
  <message>
   <source>A project keeps many slides together: results, regions, where you looked.</source>
   <translation>Ein Projekt hält viele Schnitte zusammen: Ergebnisse, Regionen, wo Sie hingesehen haben.</translation>
  </message>
  <message>
   <source>Add slides; or drop slides and folders onto the window</source>
   <translation>Schnitte hinzufügen; oder Schnitte und Ordner auf das Fenster ziehen</translation>
  </message>
  <message>
   <source>Add…</source>
   <translation>Hinzufügen…</translation>
  </message>
  <message>
   <source>All slides of a folder…</source>
   <translation>Alle Schnitte eines Ordners…</translation>
  </message>
  <message>
   <source>Choose the folder where the missing slides are now</source>
   <translation>Den Ordner wählen, in dem die fehlenden Schnitte jetzt liegen</translation>
  </message>
  <message>
   <source>Clear the search</source>
   <translation>Suche leeren</translation>
  </message>
  <message>
   <source>Find…</source>
   <translation>Suchen…</translation>
  </message>
  <message>
   <source>New project…</source>
   <translation>Neues Projekt…</translation>
  </message>
  <message>
   <source>No slides yet: add some, or drop them here.</source>
   <translation>Noch keine Schnitte: fügen Sie welche hinzu, oder ziehen Sie sie hierher.</translation>
  </message>
  <message>
   <source>One slide is not where it was.</source>
   <translation>Ein Schnitt ist nicht, wo er war.</translation>
  </message>
  <message>
   <source>Open project…</source>
   <translation>Projekt öffnen…</translation>
  </message>
  <message>
   <source>Order of the slides</source>
   <translation>Reihenfolge der Schnitte</translation>
  </message>
  <message>
   <source>Remove results</source>
   <translation>Ergebnisse entfernen</translation>
  </message>
  <message>
   <source>Search slides</source>
   <translation>Schnitte suchen</translation>
  </message>
  <message>
   <source>Show in the table of &amp;results</source>
   <translation>In der Tabelle der E&amp;rgebnisse zeigen</translation>
  </message>
  <message>
   <source>Slides of the project</source>
   <translation>Schnitte des Projekts</translation>
  </message>
  <message>
   <source>Slides…</source>
   <translation>Schnitte…</translation>
  </message>
  <message>
   <source>by name</source>
   <translation>nach Name</translation>
  </message>
  <message>
   <source>by risk</source>
   <translation>nach Risiko</translation>
  </message>
  <message>
   <source>by state</source>
   <translation>nach Zustand</translation>
  </message>
  <message>
   <source>{n} slides</source>
   <translation>{n} Schnitte</translation>
  </message>
  <message>
   <source>{n} slides are not where they were.</source>
   <translation>{n} Schnitte sind nicht, wo sie waren.</translation>
  </message>
  <message>
   <source>{shown} of {n} slides</source>
   <translation>{shown} von {n} Schnitten</translation>
  </message>
 </context>
 <context>
  <name>ProjectPresenter</name>
  <message>
   <source> and {n} more.</source>
   <translation>und {n} weitere.</translation>
  </message>
  <message>
   <source>Add a slide</source>
   <translation>Schnitt hinzufügen</translation>
  </message>
  <message>
   <source>Add {n} slides</source>
   <translation>{n} Schnitte hinzufügen</translation>
  </message>
  <message>
   <source>Adding slides</source>
   <translation>Schnitte werden hinzugefügt</translation>
  </message>
  <message>
   <source>All missing slides were found.</source>
   <translation>Alle fehlenden Schnitte wurden gefunden.</translation>
  </message>
  <message>
   <source>All of these slides are in the project already.</source>
   <translation>Alle diese Schnitte sind schon im Projekt.</translation>
  </message>
  <message>
   <source>Find moved slides</source>
   <translation>Verschobene Schnitte suchen</translation>
  </message>
  <message>
   <source>Looking for the slides</source>
   <translation>Schnitte werden gesucht</translation>
  </message>
  <message>
   <source>Making the project</source>
   <translation>Das Projekt wird angelegt</translation>
  </message>
  <message>
   <source>No slides were found there.</source>
   <translation>Dort wurden keine Schnitte gefunden.</translation>
  </message>
  <message>
   <source>Opening the project</source>
   <translation>Das Projekt wird geöffnet</translation>
  </message>
  <message>
   <source>Remove a slide</source>
   <translation>Schnitt entfernen</translation>
  </message>
  <message>
   <source>Remove results</source>
   <translation>Ergebnisse entfernen</translation>
  </message>
  <message>
   <source>Remove {n} slides</source>
   <translation>{n} Schnitte entfernen</translation>
  </message>
  <message>
   <source>{n} of the files cannot be opened as slides: {names}</source>
   <translation>{n} der Dateien lassen sich nicht als Schnitte öffnen: {names}</translation>
  </message>
  <message>
   <source>{n} slides were found, {still} are still missing.</source>
   <translation>{n} Schnitte wurden gefunden, {still} fehlen noch.</translation>
  </message>
 </context>
 <context>
  <name>ProjectState</name>
  <message>
   <source>It is saved by itself after every change, too.</source>
   <translation>Es wird auch nach jeder Änderung von selbst gespeichert.</translation>
  </message>
  <message>
   <source>Regions</source>
   <translation>Regionen</translation>
  </message>
  <message>
   <source>The project is saved again.</source>
   <translation>Das Projekt ist wieder gespeichert.</translation>
  </message>
  <message>
   <source>The project is saved.</source>
   <translation>Das Projekt ist gespeichert.</translation>
  </message>
  <message>
   <source>{hint} Your changes are kept in memory and written as soon as that is possible.</source>
   <translation>{hint} Ihre Änderungen bleiben im Speicher und werden geschrieben, sobald es möglich ist.</translation>
  </message>
 </context>
 <context>
  <name>Projects</name>
  <message>
   <source>Choose folder…</source>
   <translation>Ordner wählen…</translation>
  </message>
  <message>
   <source>Choose the folder where it is now: File, Find missing slides.</source>
   <translation>Wählen Sie den Ordner, in dem er jetzt liegt: Datei, Fehlende Schnitte suchen.</translation>
  </message>
  <message>
   <source>Close without saving</source>
   <translation>Schließen, ohne zu speichern</translation>
  </message>
  <message>
   <source>Folder with slides</source>
   <translation>Ordner mit Schnitten</translation>
  </message>
  <message>
   <source>Later</source>
   <translation>Später</translation>
  </message>
  <message>
   <source>Make room or connect the drive again, then try once more.</source>
   <translation>Schaffen Sie Platz oder verbinden Sie das Laufwerk wieder, und versuchen Sie es noch einmal.</translation>
  </message>
  <message>
   <source>My project</source>
   <translation>Mein Projekt</translation>
  </message>
  <message>
   <source>New project: name its folder</source>
   <translation>Neues Projekt: Namen für den Ordner angeben</translation>
  </message>
  <message>
   <source>One slide is not where it was.</source>
   <translation>Ein Schnitt ist nicht, wo er war.</translation>
  </message>
  <message>
   <source>Open a project: choose its folder</source>
   <translation>Projekt öffnen: seinen Ordner wählen</translation>
  </message>
  <message>
   <source>Slides are being analyzed</source>
   <translation>Schnitte werden analysiert</translation>
  </message>
  <message>
   <source>Slides are missing</source>
   <translation>Schnitte fehlen</translation>
  </message>
  <message>
   <source>The last changes of the project cannot be saved.</source>
   <translation>Die letzten Änderungen des Projekts können nicht gespeichert werden.</translation>
  </message>
  <message>
   <source>The project is not saved</source>
   <translation>Das Projekt ist nicht gespeichert</translation>
  </message>
  <message>
   <source>Try again</source>
   <translation>Noch einmal versuchen</translation>
  </message>
  <message>
   <source>Were they moved, or is this another computer? Choose the folder where they are now; they are known again by their content, whatever they are called. Results and regions are here in any case.</source>
   <translation>Wurden sie verschoben, oder ist dies ein anderer Rechner? Wählen Sie den Ordner, in dem sie jetzt liegen; sie werden an ihrem Inhalt erkannt, wie immer sie heißen. Ergebnisse und Regionen sind in jedem Fall hier.</translation>
  </message>
  <message>
   <source>Where are the missing slides now?</source>
   <translation>Wo sind die fehlenden Schnitte jetzt?</translation>
  </message>
  <message>
   <source>{name} is not where it was.</source>
   <translation>{name} ist nicht, wo es war.</translation>
  </message>
  <message>
   <source>{n} slides are not where they were.</source>
   <translation>{n} Schnitte sind nicht, wo sie waren.</translation>
  </message>
  <message>
   <source>{n} slides are still to be analyzed. Stop and close? What is done is kept.</source>
   <translation>{n} Schnitte sind noch zu analysieren. Anhalten und schließen? Was fertig ist, bleibt.</translation>
  </message>
 </context>
 <context>
  <name>Questions</name>
  <message>
   <source>Folder of a risk model</source>
   <translation>Ordner eines Risikomodells</translation>
  </message>
  <message>
   <source>Open a slide</source>
   <translation>Schnitt öffnen</translation>
  </message>
  <message>
   <source>Slides</source>
   <translation>Schnitte</translation>
  </message>
  <message>
   <source>Slides ({endings});;All files (*)</source>
   <translation>Schnitte ({endings});;Alle Dateien (*)</translation>
  </message>
  <message>
   <source>Weights (*.safetensors *.pth *.pt *.bin);;All files (*)</source>
   <translation>Gewichte (*.safetensors *.pth *.pt *.bin);;Alle Dateien (*)</translation>
  </message>
  <message>
   <source>Weights of a backbone</source>
   <translation>Gewichte eines Backbones</translation>
  </message>
 </context>
 <context>
  <name>RecentMenu</name>
  <message>
   <source>Forget recent slides</source>
   <translation>Zuletzt geöffnete Schnitte vergessen</translation>
  </message>
  <message>
   <source>Open &amp;recent</source>
   <translation>&amp;Zuletzt geöffnet</translation>
  </message>
 </context>
 <context>
  <name>RecentProjects</name>
  <message>
   <source>Recent &amp;projects</source>
   <translation>Zuletzt geöffnete &amp;Projekte</translation>
  </message>
 </context>
 <context>
  <name>RegionPresenter</name>
  <message>
   <source>Lines and points hold no tiles.</source>
   <translation>Linien und Punkte enthalten keine Kacheln.</translation>
  </message>
  <message>
   <source>Region</source>
   <translation>Region</translation>
  </message>
  <message>
   <source>Risk of a region</source>
   <translation>Risiko einer Region</translation>
  </message>
  <message>
   <source>Risk without a region</source>
   <translation>Risiko ohne eine Region</translation>
  </message>
  <message>
   <source>Run the model first.</source>
   <translation>Lassen Sie zuerst das Modell laufen.</translation>
  </message>
  <message>
   <source>The model is at work.</source>
   <translation>Das Modell arbeitet.</translation>
  </message>
  <message>
   <source>The question was cancelled.</source>
   <translation>Die Frage wurde abgebrochen.</translation>
  </message>
 </context>
 <context>
  <name>RegionRoom</name>
  <message>
   <source>&amp;Brightness and contrast…</source>
   <translation>&amp;Helligkeit und Kontrast…</translation>
  </message>
  <message>
   <source>&amp;Export regions (GeoJSON)…</source>
   <translation>Regionen &amp;exportieren (GeoJSON)…</translation>
  </message>
  <message>
   <source>&amp;Import regions (GeoJSON)…</source>
   <translation>Regionen &amp;importieren (GeoJSON)…</translation>
  </message>
  <message>
   <source>A&amp;nnotate</source>
   <translation>A&amp;nnotieren</translation>
  </message>
  <message>
   <source>Analyze only this</source>
   <translation>Nur dies analysieren</translation>
  </message>
  <message>
   <source>Delete a corner</source>
   <translation>Ecke löschen</translation>
  </message>
  <message>
   <source>Delete the corner</source>
   <translation>Die Ecke löschen</translation>
  </message>
  <message>
   <source>Export regions</source>
   <translation>Regionen exportieren</translation>
  </message>
  <message>
   <source>GeoJSON (*.geojson *.json);;All files (*)</source>
   <translation>GeoJSON (*.geojson *.json);;Alle Dateien (*)</translation>
  </message>
  <message>
   <source>GeoJSON (*.geojson)</source>
   <translation>GeoJSON (*.geojson)</translation>
  </message>
  <message>
   <source>Import regions</source>
   <translation>Regionen importieren</translation>
  </message>
  <message>
   <source>Leave out of the strip</source>
   <translation>Aus dem Streifen auslassen</translation>
  </message>
  <message>
   <source>Leave the strip alone</source>
   <translation>Den Streifen unberührt lassen</translation>
  </message>
  <message>
   <source>Paint what is not tissue. M ends it.</source>
   <translation>Malen, was kein Gewebe ist. M beendet es.</translation>
  </message>
  <message>
   <source>Paint what is tissue, too. M ends it.</source>
   <translation>Malen, was auch Gewebe ist. M beendet es.</translation>
  </message>
  <message>
   <source>REGIONS</source>
   <translation>REGIONEN</translation>
  </message>
  <message>
   <source>Regions of this slide</source>
   <translation>Regionen dieses Schnitts</translation>
  </message>
  <message>
   <source>Risk of it alone</source>
   <translation>Risiko von ihr allein</translation>
  </message>
  <message>
   <source>Risk without it</source>
   <translation>Risiko ohne sie</translation>
  </message>
  <message>
   <source>Tissue as it was &amp;found</source>
   <translation>Gewebe wie ge&amp;funden</translation>
  </message>
  <message>
   <source>{count} detections and cells were passed over.</source>
   <translation>{count} Detektionen und Zellen wurden übergangen.</translation>
  </message>
  <message>
   <source>{count} of them leave their tiles out of the strip.</source>
   <translation>{count} davon lassen ihre Kacheln aus dem Streifen aus.</translation>
  </message>
  <message>
   <source>{count} regions were read.</source>
   <translation>{count} Regionen wurden gelesen.</translation>
  </message>
  <message>
   <source>{count} regions were written to {name}.</source>
   <translation>{count} Regionen wurden in {name} geschrieben.</translation>
  </message>
 </context>
 <context>
  <name>RegionTools</name>
  <message>
   <source>&amp;Add to the tissue</source>
   <translation>Zum Gewebe &amp;hinzufügen</translation>
  </message>
  <message>
   <source>&amp;Brush</source>
   <translation>&amp;Pinsel</translation>
  </message>
  <message>
   <source>&amp;Delete the selected regions</source>
   <translation>Gewählte Regionen &amp;löschen</translation>
  </message>
  <message>
   <source>&amp;Move</source>
   <translation>&amp;Verschieben</translation>
  </message>
  <message>
   <source>&amp;Polygon</source>
   <translation>&amp;Vieleck</translation>
  </message>
  <message>
   <source>&amp;Rectangle</source>
   <translation>&amp;Rechteck</translation>
  </message>
  <message>
   <source>Annot&amp;ations</source>
   <translation>Annot&amp;ationen</translation>
  </message>
  <message>
   <source>Draw a polygon by clicks or freely; a double click ends</source>
   <translation>Ein Vieleck durch Klicks oder frei zeichnen; ein Doppelklick beendet es</translation>
  </message>
  <message>
   <source>Draw a rectangle</source>
   <translation>Ein Rechteck zeichnen</translation>
  </message>
  <message>
   <source>Draw a rectangle; Shift makes a square</source>
   <translation>Ein Rechteck zeichnen; mit Umschalt ein Quadrat</translation>
  </message>
  <message>
   <source>Draw a region</source>
   <translation>Region zeichnen</translation>
  </message>
  <message>
   <source>Measure a length</source>
   <translation>Länge messen</translation>
  </message>
  <message>
   <source>Move the slide; select, move and change regions</source>
   <translation>Den Schnitt verschieben; Regionen wählen, verschieben und ändern</translation>
  </message>
  <message>
   <source>P&amp;oints</source>
   <translation>P&amp;unkte</translation>
  </message>
  <message>
   <source>Paint a region</source>
   <translation>Region malen</translation>
  </message>
  <message>
   <source>Paint an area; Alt takes away, Shift+wheel changes the size</source>
   <translation>Eine Fläche malen; Alt nimmt weg, Umschalt+Rad ändert die Größe</translation>
  </message>
  <message>
   <source>Paint what is not tissue; Alt adds</source>
   <translation>Malen, was kein Gewebe ist; Alt gibt hinzu</translation>
  </message>
  <message>
   <source>Paint what is tissue, too; Alt takes away</source>
   <translation>Malen, was auch Gewebe ist; Alt nimmt weg</translation>
  </message>
  <message>
   <source>R&amp;emove from the tissue</source>
   <translation>Vom Gewebe w&amp;egnehmen</translation>
  </message>
  <message>
   <source>Ru&amp;ler</source>
   <translation>&amp;Lineal</translation>
  </message>
  <message>
   <source>Set a point</source>
   <translation>Punkt setzen</translation>
  </message>
  <message>
   <source>Set points</source>
   <translation>Punkte setzen</translation>
  </message>
  <message>
   <source>Show what is drawn on the slide (A)</source>
   <translation>Zeigen, was auf den Schnitt gezeichnet ist (A)</translation>
  </message>
 </context>
 <context>
  <name>Regions</name>
  <message>
   <source>Correct the tissue</source>
   <translation>Gewebe korrigieren</translation>
  </message>
  <message>
   <source>Delete all regions</source>
   <translation>Alle Regionen löschen</translation>
  </message>
  <message>
   <source>Delete regions</source>
   <translation>Regionen löschen</translation>
  </message>
  <message>
   <source>Exclude from the strip</source>
   <translation>Aus dem Streifen ausschließen</translation>
  </message>
  <message>
   <source>Include in the strip</source>
   <translation>In den Streifen aufnehmen</translation>
  </message>
  <message>
   <source>Leave the strip alone</source>
   <translation>Den Streifen unberührt lassen</translation>
  </message>
  <message>
   <source>Tissue as it was found</source>
   <translation>Gewebe wie gefunden</translation>
  </message>
 </context>
 <context>
  <name>RegionsModel</name>
  <message>
   <source>+ only such tiles</source>
   <translation>+ nur solche Kacheln</translation>
  </message>
  <message>
   <source>Area</source>
   <translation>Fläche</translation>
  </message>
  <message>
   <source>Attention</source>
   <translation>Attention</translation>
  </message>
  <message>
   <source>Length</source>
   <translation>Länge</translation>
  </message>
  <message>
   <source>Lines and points hold no tiles.</source>
   <translation>Linien und Punkte enthalten keine Kacheln.</translation>
  </message>
  <message>
   <source>Not known: no tile in it was analyzed, or the model was not run with these tiles.</source>
   <translation>Nicht bekannt: keine Kachel darin wurde analysiert, oder das Modell lief nicht mit diesen Kacheln.</translation>
  </message>
  <message>
   <source>Points</source>
   <translation>Punkte</translation>
  </message>
  <message>
   <source>Rectangle</source>
   <translation>Rechteck</translation>
  </message>
  <message>
   <source>Region</source>
   <translation>Region</translation>
  </message>
  <message>
   <source>Share of all attention of the tiles that were analyzed</source>
   <translation>Anteil an aller Attention der analysierten Kacheln</translation>
  </message>
  <message>
   <source>Size</source>
   <translation>Größe</translation>
  </message>
  <message>
   <source>left out</source>
   <translation>ausgelassen</translation>
  </message>
  <message>
   <source>only such tiles</source>
   <translation>nur solche Kacheln</translation>
  </message>
  <message>
   <source>− left out</source>
   <translation>− ausgelassen</translation>
  </message>
 </context>
 <context>
  <name>RegionsPanel</name>
  <message>
   <source>Alone</source>
   <translation>Allein</translation>
  </message>
  <message>
   <source>Analyze the slide without these tiles, exactly; the slide is not read again</source>
   <translation>Den Schnitt ohne diese Kacheln analysieren, exakt; er wird nicht noch einmal gelesen</translation>
  </message>
  <message>
   <source>Analyze these tiles alone</source>
   <translation>Diese Kacheln allein analysieren</translation>
  </message>
  <message>
   <source>Attention</source>
   <translation>Attention</translation>
  </message>
  <message>
   <source>Class</source>
   <translation>Klasse</translation>
  </message>
  <message>
   <source>Class of the region</source>
   <translation>Klasse der Region</translation>
  </message>
  <message>
   <source>Draw with the tools above the slide: rectangle (R), polygon (P), brush (B), ruler (L), points (.). A GeoJSON file of QuPath can be dropped on the slide.</source>
   <translation>Zeichnen Sie mit den Werkzeugen über dem Schnitt: Rechteck (R), Vieleck (P), Pinsel (B), Lineal (L), Punkte (.). Eine GeoJSON-Datei aus QuPath kann auf den Schnitt gezogen werden.</translation>
  </message>
  <message>
   <source>Leave out</source>
   <translation>Auslassen</translation>
  </message>
  <message>
   <source>No effect</source>
   <translation>Ohne Wirkung</translation>
  </message>
  <message>
   <source>No tiles are laid yet.</source>
   <translation>Noch sind keine Kacheln gelegt.</translation>
  </message>
  <message>
   <source>Note</source>
   <translation>Notiz</translation>
  </message>
  <message>
   <source>Note about the region</source>
   <translation>Notiz zur Region</translation>
  </message>
  <message>
   <source>Only this</source>
   <translation>Nur dies</translation>
  </message>
  <message>
   <source>Only tiles in regions like this one are analyzed</source>
   <translation>Nur Kacheln in Regionen wie dieser werden analysiert</translation>
  </message>
  <message>
   <source>Regions</source>
   <translation>Regionen</translation>
  </message>
  <message>
   <source>Risk of it alone</source>
   <translation>Risiko von ihr allein</translation>
  </message>
  <message>
   <source>Risk without it</source>
   <translation>Risiko ohne sie</translation>
  </message>
  <message>
   <source>Run again</source>
   <translation>Noch einmal laufen lassen</translation>
  </message>
  <message>
   <source>Set the class</source>
   <translation>Klasse setzen</translation>
  </message>
  <message>
   <source>Size</source>
   <translation>Größe</translation>
  </message>
  <message>
   <source>Strip</source>
   <translation>Streifen</translation>
  </message>
  <message>
   <source>The region does not change the strip</source>
   <translation>Die Region ändert den Streifen nicht</translation>
  </message>
  <message>
   <source>The regions are not in the risk yet. Before: {risk}.</source>
   <translation>Die Regionen sind noch nicht im Risiko. Vorher: {risk}.</translation>
  </message>
  <message>
   <source>Tiles</source>
   <translation>Kacheln</translation>
  </message>
  <message>
   <source>Tiles in this region are not analyzed</source>
   <translation>Kacheln in dieser Region werden nicht analysiert</translation>
  </message>
  <message>
   <source>Tissue that lies in no tile, at the edge of the outline, is not counted here.</source>
   <translation>Gewebe am Rand des Umrisses, das in keiner Kachel liegt, zählt hier nicht.</translation>
  </message>
  <message>
   <source>Without it</source>
   <translation>Ohne sie</translation>
  </message>
  <message>
   <source>Write a note</source>
   <translation>Notiz schreiben</translation>
  </message>
  <message>
   <source>about {time}</source>
   <translation>etwa {time}</translation>
  </message>
  <message>
   <source>no risk with this model; embedding {similarity:.3f} alike (cosine), {tiles} tiles</source>
   <translation>kein Risiko mit diesem Modell; Einbettung zu {similarity:.3f} ähnlich (Kosinus), {tiles} Kacheln</translation>
  </message>
  <message>
   <source>risk {risk} ({difference}), {tiles} tiles</source>
   <translation>Risiko {risk} ({difference}), {tiles} Kacheln</translation>
  </message>
  <message>
   <source>tissue corrected by hand ({count})</source>
   <translation>Gewebe von Hand korrigiert ({count})</translation>
  </message>
  <message>
   <source>{inside} of {whole}</source>
   <translation>{inside} von {whole}</translation>
  </message>
  <message>
   <source>{kept:.3g} of {whole:.3g} mm² of the tissue in tiles</source>
   <translation>{kept:.3g} von {whole:.3g} mm² des Gewebes in Kacheln</translation>
  </message>
  <message>
   <source>{kept} of {whole} tiles</source>
   <translation>{kept} von {whole} Kacheln</translation>
  </message>
  <message>
   <source>{share} of all, {times:.2g} times uniform</source>
   <translation>{share} von allem, {times:.2g} mal gleichmäßig</translation>
  </message>
 </context>
 <context>
  <name>ResearchUse</name>
  <message>
   <source>E2E-ViT Desktop is not a medical device. Its risk scores, survival curves and overlays are results of research: they must not be used to diagnose a patient, to choose a treatment, or to tell a patient a prognosis.

A risk is only as good as the cohort that the model was trained on. An overlay shows where the model looked, not why.

Slides stay on this machine. Nothing that is exported holds a label image, a path or header text.</source>
   <translation>E2E-ViT Desktop ist kein Medizinprodukt. Seine Risikowerte, Überlebenskurven und Überlagerungen sind Ergebnisse der Forschung: sie dürfen nicht verwendet werden, um eine Diagnose zu stellen, eine Behandlung zu wählen oder einem Patienten eine Prognose zu nennen.

Ein Risiko ist nur so gut wie die Kohorte, an der das Modell trainiert wurde. Eine Überlagerung zeigt, wohin das Modell sah, nicht warum.

Schnitte bleiben auf diesem Rechner. Nichts, was exportiert wird, enthält das Etikettbild, einen Pfad oder Text aus dem Dateikopf.</translation>
  </message>
  <message>
   <source>For research use only</source>
   <translation>Nur für die Forschung</translation>
  </message>
  <message>
   <source>I understand</source>
   <translation>Ich habe verstanden</translation>
  </message>
  <message>
   <source>Quit</source>
   <translation>Beenden</translation>
  </message>
 </context>
 <context>
  <name>ResultModel</name>
  <message>
   <source>Analyzed</source>
   <translation>Analysiert</translation>
  </message>
  <message>
   <source>Group</source>
   <translation>Gruppe</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modell</translation>
  </message>
  <message>
   <source>Percentile</source>
   <translation>Perzentil</translation>
  </message>
  <message>
   <source>Risk</source>
   <translation>Risiko</translation>
  </message>
  <message>
   <source>Slide</source>
   <translation>Schnitt</translation>
  </message>
  <message>
   <source>The mean over the fold models, so it need not rise with the risk, which is a mean itself.</source>
   <translation>Der Mittelwert über die Fold-Modelle; er muss also nicht mit dem Risiko steigen, das selbst ein Mittelwert ist.</translation>
  </message>
  <message>
   <source>Tiles</source>
   <translation>Kacheln</translation>
  </message>
  <message>
   <source>Time</source>
   <translation>Zeit</translation>
  </message>
  <message>
   <source>Tissue, mm²</source>
   <translation>Gewebe, mm²</translation>
  </message>
  <message>
   <source>high</source>
   <translation>hoch</translation>
  </message>
  <message>
   <source>low</source>
   <translation>niedrig</translation>
  </message>
 </context>
 <context>
  <name>Results</name>
  <message>
   <source>Choose two to four slides in PROJECT, or one that was analyzed with two models.</source>
   <translation>Wählen Sie zwei bis vier Schnitte unter PROJEKT, oder einen, der mit zwei Modellen analysiert wurde.</translation>
  </message>
 </context>
 <context>
  <name>ResultsPage</name>
  <message>
   <source>All results are of one model: there is no other to choose.</source>
   <translation>Alle Ergebnisse sind von einem Modell: es gibt kein anderes zu wählen.</translation>
  </message>
  <message>
   <source>Map</source>
   <translation>Karte</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modell</translation>
  </message>
  <message>
   <source>Model of the results</source>
   <translation>Modell der Ergebnisse</translation>
  </message>
  <message>
   <source>No slide was analyzed yet.</source>
   <translation>Noch wurde kein Schnitt analysiert.</translation>
  </message>
  <message>
   <source>Results</source>
   <translation>Ergebnisse</translation>
  </message>
  <message>
   <source>Survival</source>
   <translation>Überleben</translation>
  </message>
  <message>
   <source>Table</source>
   <translation>Tabelle</translation>
  </message>
  <message>
   <source>Tiles</source>
   <translation>Kacheln</translation>
  </message>
  <message>
   <source>no results yet</source>
   <translation>noch keine Ergebnisse</translation>
  </message>
  <message>
   <source>{name}, {n} slides</source>
   <translation>{name}, {n} Schnitte</translation>
  </message>
 </context>
 <context>
  <name>RiskPanel</name>
  <message>
   <source>Device</source>
   <translation>Gerät</translation>
  </message>
  <message>
   <source>Each fold model places its own risk among its out-of-fold risks of the training cohort, and compares it with the median of its own training part. So a higher risk may have a lower percentile, or the other group.</source>
   <translation>Jedes Fold-Modell ordnet sein eigenes Risiko unter seinen Out-of-fold-Risiken der Trainingskohorte ein und vergleicht es mit dem Median seines eigenen Trainingsteils. Darum kann ein höheres Risiko ein niedrigeres Perzentil haben oder in der anderen Gruppe sein.</translation>
  </message>
  <message>
   <source>Group by the training cohort's median: {group} risk.</source>
   <translation>Gruppe nach dem Median der Trainingskohorte: {group}.</translation>
  </message>
  <message>
   <source>Group: {group} risk, by vote of the fold models ({votes} of {count}).</source>
   <translation>Gruppe: {group}, nach Mehrheit der Fold-Modelle ({votes} von {count}).</translation>
  </message>
  <message>
   <source>Group: {group} risk, by vote of the fold models.</source>
   <translation>Gruppe: {group}, nach Mehrheit der Fold-Modelle.</translation>
  </message>
  <message>
   <source>Larger is worse; the number has no unit.</source>
   <translation>Größer ist schlechter; die Zahl hat keine Einheit.</translation>
  </message>
  <message>
   <source>Licence</source>
   <translation>Lizenz</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modell</translation>
  </message>
  <message>
   <source>Next top tile (])</source>
   <translation>Nächste auffällige Kachel (])</translation>
  </message>
  <message>
   <source>Open a slide to see its risk.</source>
   <translation>Öffnen Sie einen Schnitt, um sein Risiko zu sehen.</translation>
  </message>
  <message>
   <source>Percentile {place} among the training cohort's out-of-fold risks.</source>
   <translation>Perzentil {place} unter den Out-of-fold-Risiken der Trainingskohorte.</translation>
  </message>
  <message>
   <source>Percentile {place} of the training cohort: mean of the {count} fold models.</source>
   <translation>Perzentil {place} der Trainingskohorte: Mittel der {count} Fold-Modelle.</translation>
  </message>
  <message>
   <source>Previous top tile ([)</source>
   <translation>Vorige auffällige Kachel ([)</translation>
  </message>
  <message>
   <source>Risk by the {count} fold models</source>
   <translation>Risiko nach den {count} Fold-Modellen</translation>
  </message>
  <message>
   <source>Risk by the {count} fold models; the line is the range of the training cohort</source>
   <translation>Risiko nach den {count} Fold-Modellen; die Linie ist der Bereich der Trainingskohorte</translation>
  </message>
  <message>
   <source>Run a risk model to see the risk. A backbone alone gives the embedding and the attention.</source>
   <translation>Lassen Sie ein Risikomodell laufen, um das Risiko zu sehen. Ein Backbone allein gibt die Einbettung und die Attention.</translation>
  </message>
  <message>
   <source>Survival, S(t)</source>
   <translation>Überleben, S(t)</translation>
  </message>
  <message>
   <source>The tiles have changed: run the model again to see the risk.</source>
   <translation>Die Kacheln haben sich geändert: lassen Sie das Modell noch einmal laufen, um das Risiko zu sehen.</translation>
  </message>
  <message>
   <source>The tiles with the highest values of the overlay's layer. 1.00× is what the mean tile of this slide has.</source>
   <translation>Die Kacheln mit den höchsten Werten der Ebene der Überlagerung. 1.00× hat die mittlere Kachel dieses Schnitts.</translation>
  </message>
  <message>
   <source>Tiles with the highest values</source>
   <translation>Kacheln mit den höchsten Werten</translation>
  </message>
  <message>
   <source>Time</source>
   <translation>Zeit</translation>
  </message>
  <message>
   <source>Top tiles</source>
   <translation>Auffällige Kacheln</translation>
  </message>
  <message>
   <source>high</source>
   <translation>hoch</translation>
  </message>
  <message>
   <source>low</source>
   <translation>niedrig</translation>
  </message>
  <message>
   <source>times the mean of the slide's tiles</source>
   <translation>mal das Mittel der Kacheln des Schnitts</translation>
  </message>
 </context>
 <context>
  <name>RunPanel</name>
  <message>
   <source>A risk model reads slides only in the way it was trained with.</source>
   <translation>Ein Risikomodell liest Schnitte nur so, wie es trainiert wurde.</translation>
  </message>
  <message>
   <source>A setting is outside its limits.</source>
   <translation>Eine Einstellung liegt außerhalb ihrer Grenzen.</translation>
  </message>
  <message>
   <source>Analyze the slide with the model (Ctrl+Enter)</source>
   <translation>Den Schnitt mit dem Modell analysieren (Strg+Eingabe)</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Checks</source>
   <translation>Prüfungen</translation>
  </message>
  <message>
   <source>Copy as command</source>
   <translation>Als Befehl kopieren</translation>
  </message>
  <message>
   <source>Copy as command: the same analysis on the command line</source>
   <translation>Als Befehl kopieren: dieselbe Analyse auf der Kommandozeile</translation>
  </message>
  <message>
   <source>Fast</source>
   <translation>Schnell</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modell</translation>
  </message>
  <message>
   <source>Only CONCH's own weight file brings a pooler.</source>
   <translation>Nur die eigene Gewichtsdatei von CONCH bringt einen Pooler mit.</translation>
  </message>
  <message>
   <source>Run</source>
   <translation>Starten</translation>
  </message>
  <message>
   <source>Settings</source>
   <translation>Einstellungen</translation>
  </message>
  <message>
   <source>The attention merger is learned: train a risk model with it.</source>
   <translation>Die Zusammenfassung durch Attention wird gelernt: ein Risikomodell damit trainieren.</translation>
  </message>
  <message>
   <source>as the model: {blocks}</source>
   <translation>wie das Modell: {blocks}</translation>
  </message>
 </context>
 <context>
  <name>RunsPage</name>
  <message>
   <source>95 %</source>
   <translation>95 %</translation>
  </message>
  <message>
   <source>; 95 % interval {low} to {high}</source>
   <translation>; 95-%-Intervall {low} bis {high}</translation>
  </message>
  <message>
   <source>All choices on one axis</source>
   <translation>Alle Einstellungen auf einer Achse</translation>
  </message>
  <message>
   <source>Best C, val.</source>
   <translation>Bestes C, Val.</translation>
  </message>
  <message>
   <source>C, test</source>
   <translation>C, Test</translation>
  </message>
  <message>
   <source>C-index</source>
   <translation>C-Index</translation>
  </message>
  <message>
   <source>C-index on the validation part</source>
   <translation>C-Index auf dem Validierungsteil</translation>
  </message>
  <message>
   <source>Choice</source>
   <translation>Einstellung</translation>
  </message>
  <message>
   <source>Choices side by side</source>
   <translation>Einstellungen nebeneinander</translation>
  </message>
  <message>
   <source>Choose a folder of runs.</source>
   <translation>Wählen Sie einen Ordner mit Läufen.</translation>
  </message>
  <message>
   <source>Choose folder…</source>
   <translation>Ordner wählen…</translation>
  </message>
  <message>
   <source>Choose several with Ctrl to see them side by side.</source>
   <translation>Mehrere mit Strg wählen, um sie nebeneinander zu sehen.</translation>
  </message>
  <message>
   <source>Chosen run</source>
   <translation>Gewählter Lauf</translation>
  </message>
  <message>
   <source>Comparison of {count} choices, {name}</source>
   <translation>Vergleich von {count} Einstellungen, {name}</translation>
  </message>
  <message>
   <source>Difference to the first (95 %)</source>
   <translation>Unterschied zur ersten (95 %)</translation>
  </message>
  <message>
   <source>Epochs</source>
   <translation>Epochen</translation>
  </message>
  <message>
   <source>Fold</source>
   <translation>Fold</translation>
  </message>
  <message>
   <source>Folder of runs</source>
   <translation>Ordner der Läufe</translation>
  </message>
  <message>
   <source>Folds</source>
   <translation>Folds</translation>
  </message>
  <message>
   <source>Harrell's C-index on the test parts, mean over the folds. The difference is over the same patients, so its interval is narrower; where it holds 0, nothing is known about which is better.</source>
   <translation>Harrells C-Index auf den Testteilen, Mittel über die Teilungen. Der Unterschied ist an denselben Patienten gemessen, sein Intervall also schmaler; enthält es die 0, weiß man nicht, was besser ist.</translation>
  </message>
  <message>
   <source>Harrell's C-index on the test parts, mean ± SD over the folds</source>
   <translation>Harrells C-Index auf den Testteilen, Mittel ± SD über die Folds</translation>
  </message>
  <message>
   <source>It is ablation.csv in the folder.</source>
   <translation>Sie ist ablation.csv im Ordner.</translation>
  </message>
  <message>
   <source>No folder of runs</source>
   <translation>Kein Ordner mit Läufen</translation>
  </message>
  <message>
   <source>No program of this system opens the report.</source>
   <translation>Kein Programm dieses Systems öffnet den Bericht.</translation>
  </message>
  <message>
   <source>No program of this system opens the table.</source>
   <translation>Kein Programm dieses Systems öffnet die Tabelle.</translation>
  </message>
  <message>
   <source>Open in viewer</source>
   <translation>Im Betrachter öffnen</translation>
  </message>
  <message>
   <source>Open report</source>
   <translation>Bericht öffnen</translation>
  </message>
  <message>
   <source>Open report.html of the run in a browser.</source>
   <translation>Öffnen Sie report.html des Laufs in einem Browser.</translation>
  </message>
  <message>
   <source>Open table</source>
   <translation>Tabelle öffnen</translation>
  </message>
  <message>
   <source>Progress</source>
   <translation>Fortschritt</translation>
  </message>
  <message>
   <source>Resume</source>
   <translation>Fortsetzen</translation>
  </message>
  <message>
   <source>Runs</source>
   <translation>Läufe</translation>
  </message>
  <message>
   <source>Show its runs</source>
   <translation>Läufe zeigen</translation>
  </message>
  <message>
   <source>State</source>
   <translation>Zustand</translation>
  </message>
  <message>
   <source>Stop</source>
   <translation>Anhalten</translation>
  </message>
  <message>
   <source>The process is starting.</source>
   <translation>Der Prozess startet.</translation>
  </message>
  <message>
   <source>The risk model is made when all folds are done.</source>
   <translation>Das Risikomodell entsteht, wenn alle Folds fertig sind.</translation>
  </message>
  <message>
   <source>The table is written when all choices are done.</source>
   <translation>Die Tabelle wird geschrieben, wenn alle Einstellungen fertig sind.</translation>
  </message>
  <message>
   <source>There are no runs in this folder yet.</source>
   <translation>In diesem Ordner gibt es noch keine Läufe.</translation>
  </message>
  <message>
   <source>There is no report yet.</source>
   <translation>Noch gibt es keinen Bericht.</translation>
  </message>
  <message>
   <source>Train a risk model…</source>
   <translation>Risikomodell trainieren…</translation>
  </message>
  <message>
   <source>at most {time} left</source>
   <translation>noch höchstens {time}</translation>
  </message>
  <message>
   <source>comparison</source>
   <translation>Vergleich</translation>
  </message>
  <message>
   <source>done</source>
   <translation>fertig</translation>
  </message>
  <message>
   <source>epoch</source>
   <translation>Epoche</translation>
  </message>
  <message>
   <source>failed</source>
   <translation>fehlgeschlagen</translation>
  </message>
  <message>
   <source>fold</source>
   <translation>Fold</translation>
  </message>
  <message>
   <source>interrupted</source>
   <translation>unterbrochen</translation>
  </message>
  <message>
   <source>left out</source>
   <translation>ausgelassen</translation>
  </message>
  <message>
   <source>loss: validation, training (dashed)</source>
   <translation>Verlust: Validierung, Training (gestrichelt)</translation>
  </message>
  <message>
   <source>no epoch is done yet</source>
   <translation>noch keine Epoche fertig</translation>
  </message>
  <message>
   <source>not estimable: no two patients can be compared</source>
   <translation>nicht schätzbar: keine zwei Patienten sind vergleichbar</translation>
  </message>
  <message>
   <source>running</source>
   <translation>läuft</translation>
  </message>
  <message>
   <source>starting</source>
   <translation>startet</translation>
  </message>
  <message>
   <source>stopped</source>
   <translation>angehalten</translation>
  </message>
  <message>
   <source>stopping</source>
   <translation>hält an</translation>
  </message>
  <message>
   <source>waiting</source>
   <translation>wartet</translation>
  </message>
  <message>
   <source>{done} of {all} choices</source>
   <translation>{done} von {all} Einstellungen</translation>
  </message>
  <message>
   <source>{done} of {all} folds done</source>
   <translation>{done} von {all} Folds fertig</translation>
  </message>
  <message>
   <source>{done}/{all} choices</source>
   <translation>{done}/{all} Einstellungen</translation>
  </message>
  <message>
   <source>{done}/{all} folds</source>
   <translation>{done}/{all} Folds</translation>
  </message>
  <message>
   <source>{time} left of this step</source>
   <translation>noch {time} für diesen Schritt</translation>
  </message>
 </context>
 <context>
  <name>SelectTool</name>
  <message>
   <source>Add a corner</source>
   <translation>Ecke hinzufügen</translation>
  </message>
  <message>
   <source>Move a corner</source>
   <translation>Ecke verschieben</translation>
  </message>
  <message>
   <source>Move a region</source>
   <translation>Region verschieben</translation>
  </message>
 </context>
 <context>
  <name>Shortcuts</name>
  <message>
   <source>Ctrl+wheel</source>
   <translation>Strg+Rad</translation>
  </message>
  <message>
   <source>Keyboard shortcuts</source>
   <translation>Tastenkürzel</translation>
  </message>
  <message>
   <source>Keys</source>
   <translation>Tasten</translation>
  </message>
  <message>
   <source>Look under the overlay for the moment</source>
   <translation>Für den Augenblick unter die Überlagerung sehen</translation>
  </message>
  <message>
   <source>Menu</source>
   <translation>Menü</translation>
  </message>
  <message>
   <source>Move</source>
   <translation>Verschieben</translation>
  </message>
  <message>
   <source>On the slide</source>
   <translation>Auf dem Schnitt</translation>
  </message>
  <message>
   <source>Opacity of the overlay</source>
   <translation>Deckkraft der Überlagerung</translation>
  </message>
  <message>
   <source>What</source>
   <translation>Was</translation>
  </message>
  <message>
   <source>Where</source>
   <translation>Wo</translation>
  </message>
  <message>
   <source>Zoom at the cursor</source>
   <translation>Am Mauszeiger vergrößern</translation>
  </message>
  <message>
   <source>drag, arrow keys</source>
   <translation>ziehen, Pfeiltasten</translation>
  </message>
  <message>
   <source>hold C</source>
   <translation>C halten</translation>
  </message>
  <message>
   <source>right click</source>
   <translation>Rechtsklick</translation>
  </message>
  <message>
   <source>wheel</source>
   <translation>Rad</translation>
  </message>
 </context>
 <context>
  <name>SlideModel</name>
  <message>
   <source>, percentile {place:.0f}</source>
   <translation>, Perzentil {place:.0f}</translation>
  </message>
  <message>
   <source>Its tiles have changed since, by regions or settings: run it again.</source>
   <translation>Seine Kacheln haben sich seitdem geändert, durch Regionen oder Einstellungen: lassen Sie ihn noch einmal laufen.</translation>
  </message>
  <message>
   <source>analyzed, no risk</source>
   <translation>analysiert, kein Risiko</translation>
  </message>
  <message>
   <source>failed</source>
   <translation>fehlgeschlagen</translation>
  </message>
  <message>
   <source>not analyzed</source>
   <translation>nicht analysiert</translation>
  </message>
  <message>
   <source>not found where it was</source>
   <translation>nicht gefunden, wo sie war</translation>
  </message>
  <message>
   <source>out of date, no risk</source>
   <translation>veraltet, kein Risiko</translation>
  </message>
  <message>
   <source>out of date: risk {risk}</source>
   <translation>veraltet: Risiko {risk}</translation>
  </message>
  <message>
   <source>risk {risk}</source>
   <translation>Risiko {risk}</translation>
  </message>
  <message>
   <source>running</source>
   <translation>läuft</translation>
  </message>
  <message>
   <source>waiting, number {n}</source>
   <translation>wartet, Nummer {n}</translation>
  </message>
 </context>
 <context>
  <name>SlideOrder</name>
  <message>
   <source>analyzed</source>
   <translation>analysiert</translation>
  </message>
 </context>
 <context>
  <name>SlidePage</name>
  <message>
   <source>percentile {place}</source>
   <translation>Perzentil {place}</translation>
  </message>
  <message>
   <source>tile {number}</source>
   <translation>Kachel {number}</translation>
  </message>
 </context>
 <context>
  <name>StatusLine</name>
  <message>
   <source>For research use only</source>
   <translation>Nur für die Forschung</translation>
  </message>
  <message>
   <source>Magnification of the view; size of a pixel of the slide's finest level</source>
   <translation>Vergrößerung der Ansicht; Größe eines Pixels der feinsten Stufe des Schnitts</translation>
  </message>
  <message>
   <source>Memory of this window; the model's process has its own</source>
   <translation>Speicher dieses Fensters; der Prozess des Modells hat seinen eigenen</translation>
  </message>
  <message>
   <source>Where the model runs</source>
   <translation>Wo das Modell läuft</translation>
  </message>
  <message>
   <source>memory {used:.0f} MB</source>
   <translation>Speicher {used:.0f} MB</translation>
  </message>
  <message>
   <source>resolution unknown</source>
   <translation>Auflösung unbekannt</translation>
  </message>
  <message>
   <source>slide {mpp:.3g} µm/px</source>
   <translation>Schnitt {mpp:.3g} µm/px</translation>
  </message>
 </context>
 <context>
  <name>StorePresenter</name>
  <message>
   <source>All {count} models are as they should be.</source>
   <translation>Alle {count} Modelle sind, wie sie sein sollen.</translation>
  </message>
  <message>
   <source>Starting</source>
   <translation>Beginnt</translation>
  </message>
  <message>
   <source>The download was stopped. What came so far is kept.</source>
   <translation>Das Herunterladen wurde angehalten. Was schon da ist, bleibt.</translation>
  </message>
  <message>
   <source>The token is valid and was stored.</source>
   <translation>Das Token ist gültig und wurde gespeichert.</translation>
  </message>
  <message>
   <source>There is no model on this machine.</source>
   <translation>Auf diesem Rechner ist kein Modell.</translation>
  </message>
  <message>
   <source>{count} more are not as they were.</source>
   <translation>{count} weitere sind nicht, wie sie waren.</translation>
  </message>
  <message>
   <source>{id} was added.</source>
   <translation>{id} wurde hinzugefügt.</translation>
  </message>
  <message>
   <source>{title} is here.</source>
   <translation>{title} ist da.</translation>
  </message>
  <message>
   <source>{title} was removed: {size} freed.</source>
   <translation>{title} wurde entfernt: {size} frei.</translation>
  </message>
  <message>
   <source>{title}: {said}.</source>
   <translation>{title}: {said}.</translation>
  </message>
 </context>
 <context>
  <name>StripPanel</name>
  <message>
   <source>1 token a tile</source>
   <translation>1 Token je Kachel</translation>
  </message>
  <message>
   <source>All tiles side by side</source>
   <translation>Alle Kacheln nebeneinander</translation>
  </message>
  <message>
   <source>N = {count} tiles</source>
   <translation>N = {count} Kacheln</translation>
  </message>
  <message>
   <source>One row</source>
   <translation>Eine Reihe</translation>
  </message>
  <message>
   <source>The mean of all patches of each tile</source>
   <translation>Das Mittel aller Patches jeder Kachel</translation>
  </message>
  <message>
   <source>What the model sees</source>
   <translation>Was das Modell sieht</translation>
  </message>
  <message>
   <source>Wrapped</source>
   <translation>Umgebrochen</translation>
  </message>
  <message>
   <source>Wrapped like text; Ctrl+wheel changes the size</source>
   <translation>Umgebrochen wie Text; Strg+Rad ändert die Größe</translation>
  </message>
  <message>
   <source>along a Hilbert curve</source>
   <translation>entlang einer Hilbert-Kurve</translation>
  </message>
  <message>
   <source>column by column</source>
   <translation>Spalte für Spalte</translation>
  </message>
  <message>
   <source>row by row</source>
   <translation>Zeile für Zeile</translation>
  </message>
  <message>
   <source>serpentine</source>
   <translation>Schlangenlinie</translation>
  </message>
  <message>
   <source>{memory}, about {time}</source>
   <translation>{memory}, etwa {time}</translation>
  </message>
  <message>
   <source>{share} of it is color</source>
   <translation>{share} davon ist Farbe</translation>
  </message>
  <message>
   <source>{tokens:g} tokens a tile</source>
   <translation>{tokens:g} Token je Kachel</translation>
  </message>
 </context>
 <context>
  <name>StripView</name>
  <message>
   <source>Run a model to see what it sees: the mean of all patches of each tile.</source>
   <translation>Lassen Sie ein Modell laufen, um zu sehen, was es sieht: das Mittel aller Patches jeder Kachel.</translation>
  </message>
  <message>
   <source>Strip of tiles</source>
   <translation>Streifen der Kacheln</translation>
  </message>
  <message>
   <source>The tiles of the slide stand here side by side, as the model reads them.</source>
   <translation>Die Kacheln des Schnitts stehen hier nebeneinander, wie das Modell sie liest.</translation>
  </message>
 </context>
 <context>
  <name>SurvivalPlot</name>
  <message>
   <source>Survival over time</source>
   <translation>Überleben über die Zeit</translation>
  </message>
  <message>
   <source>years</source>
   <translation>Jahre</translation>
  </message>
 </context>
 <context>
  <name>SurvivalTab</name>
  <message>
   <source>, percentile {place:.0f} of the cohort's out-of-fold risks</source>
   <translation>, Perzentil {place:.0f} der Out-of-fold-Risiken der Kohorte</translation>
  </message>
  <message>
   <source>Choose a risk model: a backbone was trained on no cohort with survival.</source>
   <translation>Wählen Sie ein Risikomodell: ein Backbone wurde an keiner Kohorte mit Überlebenszeiten trainiert.</translation>
  </message>
  <message>
   <source>Curve and percentile are means over the fold models; the group is their vote, a tie counts as high.</source>
   <translation>Kurve und Perzentil sind Mittel über die Fold-Modelle; die Gruppe ist ihre Abstimmung, Gleichstand gilt als hoch.</translation>
  </message>
  <message>
   <source>Open a slide that was analyzed with this model to see its place.</source>
   <translation>Öffnen Sie einen Schnitt, der mit diesem Modell analysiert wurde, um seinen Platz zu sehen.</translation>
  </message>
  <message>
   <source>Training cohort "{name}": {patients} patients, {events} events. Groups are cut at the training median of the fold model that had not seen the patient.</source>
   <translation>Trainingskohorte „{name}“: {patients} Patienten, {events} Ereignisse. Gruppen werden am Trainingsmedian des Fold-Modells geteilt, das den Patienten nicht gesehen hat.</translation>
  </message>
  <message>
   <source>{name} (dashed): risk {risk}</source>
   <translation>{name} (gestrichelt): Risiko {risk}</translation>
  </message>
 </context>
 <context>
  <name>TableTab</name>
  <message>
   <source>1 row was copied.</source>
   <translation>1 Zeile wurde kopiert.</translation>
  </message>
  <message>
   <source>Choose two to four slides to compare, or one that was analyzed with two models.</source>
   <translation>Wählen Sie zwei bis vier Schnitte zum Vergleichen, oder einen, der mit zwei Modellen analysiert wurde.</translation>
  </message>
  <message>
   <source>Compare</source>
   <translation>Vergleichen</translation>
  </message>
  <message>
   <source>Copy</source>
   <translation>Kopieren</translation>
  </message>
  <message>
   <source>Copy the chosen rows, or all, for a spreadsheet (Ctrl+C)</source>
   <translation>Die gewählten Zeilen, oder alle, für eine Tabellenkalkulation kopieren (Strg+C)</translation>
  </message>
  <message>
   <source>Export CSV…</source>
   <translation>CSV exportieren…</translation>
  </message>
  <message>
   <source>Export the results</source>
   <translation>Ergebnisse exportieren</translation>
  </message>
  <message>
   <source>Results</source>
   <translation>Ergebnisse</translation>
  </message>
  <message>
   <source>Show two to four chosen slides side by side</source>
   <translation>Zwei bis vier gewählte Schnitte nebeneinander zeigen</translation>
  </message>
  <message>
   <source>{name} was written.</source>
   <translation>{name} wurde geschrieben.</translation>
  </message>
  <message>
   <source>{n} results of {slides} slides</source>
   <translation>{n} Ergebnisse von {slides} Schnitten</translation>
  </message>
  <message>
   <source>{n} rows were copied.</source>
   <translation>{n} Zeilen wurden kopiert.</translation>
  </message>
 </context>
 <context>
  <name>TileBox</name>
  <message>
   <source>Around it</source>
   <translation>Umgebung</translation>
  </message>
  <message>
   <source>Neighbors</source>
   <translation>Nachbarn</translation>
  </message>
  <message>
   <source>Percentile</source>
   <translation>Perzentil</translation>
  </message>
  <message>
   <source>Place</source>
   <translation>Ort</translation>
  </message>
  <message>
   <source>Tile</source>
   <translation>Kachel</translation>
  </message>
  <message>
   <source>Tissue</source>
   <translation>Gewebe</translation>
  </message>
  <message>
   <source>Value</source>
   <translation>Wert</translation>
  </message>
  <message>
   <source>mean {mean} of {count} tiles</source>
   <translation>Mittel {mean} von {count} Kacheln</translation>
  </message>
  <message>
   <source>no tiles</source>
   <translation>keine Kacheln</translation>
  </message>
  <message>
   <source>{before}, {after} in the strip</source>
   <translation>{before}, {after} im Streifen</translation>
  </message>
  <message>
   <source>{number} of {count} ({share})</source>
   <translation>{number} von {count} ({share})</translation>
  </message>
 </context>
 <context>
  <name>TilePair</name>
  <message>
   <source>The tile, and what the model sees of it</source>
   <translation>Die Kachel, und was das Modell von ihr sieht</translation>
  </message>
  <message>
   <source>as seen</source>
   <translation>wie gesehen</translation>
  </message>
  <message>
   <source>true pixels</source>
   <translation>echte Pixel</translation>
  </message>
 </context>
 <context>
  <name>TissueField</name>
  <message>
   <source>Automatic</source>
   <translation>Automatisch</translation>
  </message>
  <message>
   <source>By color (Otsu)</source>
   <translation>Nach Farbe (Otsu)</translation>
  </message>
  <message>
   <source>Choose a mask file: a picture of the whole slide in which tissue is white, or GeoJSON</source>
   <translation>Eine Maskendatei wählen: ein Bild des ganzen Schnitts, in dem Gewebe weiß ist, oder GeoJSON</translation>
  </message>
  <message>
   <source>GrandQC</source>
   <translation>GrandQC</translation>
  </message>
  <message>
   <source>GrandQC without artefacts</source>
   <translation>GrandQC ohne Artefakte</translation>
  </message>
  <message>
   <source>Mask file</source>
   <translation>Maskendatei</translation>
  </message>
  <message>
   <source>Mask from a file…</source>
   <translation>Maske aus einer Datei…</translation>
  </message>
  <message>
   <source>Mask of the tissue</source>
   <translation>Maske des Gewebes</translation>
  </message>
  <message>
   <source>Mask: {name}</source>
   <translation>Maske: {name}</translation>
  </message>
  <message>
   <source>Masks (*.png *.tif *.tiff *.bmp *.jpg *.geojson *.json);;All files (*)</source>
   <translation>Masken (*.png *.tif *.tiff *.bmp *.jpg *.geojson *.json);;Alle Dateien (*)</translation>
  </message>
  <message>
   <source>The whole picture</source>
   <translation>Das ganze Bild</translation>
  </message>
  <message>
   <source>Tissue</source>
   <translation>Gewebe</translation>
  </message>
  <message>
   <source>{automatic} ({value})</source>
   <translation>{automatic} ({value})</translation>
  </message>
 </context>
 <context>
  <name>Tour</name>
  <message>
   <source>A look around, on a painted slide</source>
   <translation>Ein Rundgang an einem gemalten Schnitt</translation>
  </message>
  <message>
   <source>All tissue tiles side by side. Point at a tile, here or on the slide: both light up. “What the model sees” shows how little is left of a tile after merging.</source>
   <translation>Alle Gewebekacheln nebeneinander. Zeigen Sie hier oder auf dem Schnitt auf eine Kachel: Beide leuchten auf. „Was das Modell sieht“ zeigt, wie wenig nach dem Zusammenfassen von einer Kachel bleibt.</translation>
  </message>
  <message>
   <source>Before a run</source>
   <translation>Vor einem Lauf</translation>
  </message>
  <message>
   <source>Check the resolution</source>
   <translation>Die Auflösung prüfen</translation>
  </message>
  <message>
   <source>Drag to move, turn the wheel to zoom at the cursor, press 0 for the whole slide. The line around the tissue is what will be read; K hides it, G shows the tiles.</source>
   <translation>Ziehen verschiebt, das Rad zoomt am Mauszeiger, 0 zeigt den ganzen Schnitt. Gelesen wird, was die Linie um das Gewebe umschließt; K blendet sie aus, G zeigt die Kacheln.</translation>
  </message>
  <message>
   <source>Each line says whether something is in order, and what the run will cost. When Run is grey, the line with the reason stands here.</source>
   <translation>Jede Zeile sagt, ob etwas in Ordnung ist und was der Lauf kosten wird. Ist „Starten“ grau, steht hier die Zeile mit dem Grund.</translation>
  </message>
  <message>
   <source>Everything depends on micrometres per pixel. Here it says what the file claims and where that comes from; when it is wrong or missing, put it right here.</source>
   <translation>Alles hängt an den Mikrometern pro Pixel. Hier steht, was die Datei angibt und woher das kommt; ist es falsch oder fehlt es, berichtigen Sie es hier.</translation>
  </message>
  <message>
   <source>From here on</source>
   <translation>Wie es weitergeht</translation>
  </message>
  <message>
   <source>In two minutes: from a slide to what a model looked at. The program paints the slide itself and takes weights that need no download, so nothing of yours is touched.</source>
   <translation>In zwei Minuten vom Schnitt zu dem, wohin ein Modell gesehen hat. Das Programm malt den Schnitt selbst und nimmt Gewichte, die nicht geladen werden müssen; von Ihren Daten wird nichts berührt.</translation>
  </message>
  <message>
   <source>Now press Run</source>
   <translation>Jetzt auf „Starten“ drücken</translation>
  </message>
  <message>
   <source>Open your own slide with Ctrl+O. Ctrl+E exports, Ctrl+L finds any command by a few letters, F1 explains what you are in. The tour stands in the Help menu. For research use only.</source>
   <translation>Ihren eigenen Schnitt öffnen Sie mit Strg+O. Strg+E exportiert, Strg+L findet jeden Befehl nach wenigen Buchstaben, F1 erklärt, worin Sie gerade sind. Der Rundgang steht im Menü „Hilfe“. Nur für die Forschung.</translation>
  </message>
  <message>
   <source>Risk, when a model has learned one</source>
   <translation>Risiko, wenn ein Modell eines gelernt hat</translation>
  </message>
  <message>
   <source>The colors are attention: where the model looked, not why. Opacity, range and scale change at once; hold C to look underneath.</source>
   <translation>Die Farben sind Aufmerksamkeit: wohin das Modell gesehen hat, nicht warum. Deckkraft, Bereich und Skala ändern sich sofort; halten Sie C, um darunter zu sehen.</translation>
  </message>
  <message>
   <source>The model reads the whole slide in a process of its own. The tour goes on when the result is there.</source>
   <translation>Das Modell liest den ganzen Schnitt in einem eigenen Prozess. Der Rundgang geht weiter, sobald das Ergebnis da ist.</translation>
  </message>
  <message>
   <source>The slide</source>
   <translation>Der Schnitt</translation>
  </message>
  <message>
   <source>The strip is what the model reads</source>
   <translation>Der Streifen ist, was das Modell liest</translation>
  </message>
  <message>
   <source>The weights of this tour were never trained on survival, so there is no risk and the panel says so. With a model of the training wizard (Ctrl+T), risk, percentile and survival curve stand here.</source>
   <translation>Die Gewichte dieses Rundgangs wurden nie an Überlebenszeiten trainiert; es gibt also kein Risiko, und das Feld sagt es. Mit einem Modell aus dem Trainingsassistenten (Strg+T) stehen hier Risiko, Perzentil und Überlebenskurve.</translation>
  </message>
  <message>
   <source>Where the model looked</source>
   <translation>Wohin das Modell gesehen hat</translation>
  </message>
 </context>
 <context>
  <name>TourCard</name>
  <message>
   <source>Back</source>
   <translation>Zurück</translation>
  </message>
  <message>
   <source>Begin</source>
   <translation>Beginnen</translation>
  </message>
  <message>
   <source>Done</source>
   <translation>Fertig</translation>
  </message>
  <message>
   <source>Next</source>
   <translation>Weiter</translation>
  </message>
  <message>
   <source>Progress of painting the slide</source>
   <translation>Fortschritt beim Malen des Schnitts</translation>
  </message>
  <message>
   <source>Skip the tour</source>
   <translation>Rundgang überspringen</translation>
  </message>
  <message>
   <source>Tour</source>
   <translation>Rundgang</translation>
  </message>
  <message>
   <source>{number} of {count}</source>
   <translation>{number} von {count}</translation>
  </message>
 </context>
 <context>
  <name>Training</name>
  <message>
   <source>&amp;Runs…</source>
   <translation>&amp;Läufe…</translation>
  </message>
  <message>
   <source>&amp;Train</source>
   <translation>&amp;Training</translation>
  </message>
  <message>
   <source>&amp;Train a risk model…</source>
   <translation>Risikomodell &amp;trainieren…</translation>
  </message>
  <message>
   <source>A training goes on in the background: {name}.</source>
   <translation>Ein Training läuft im Hintergrund weiter: {name}.</translation>
  </message>
  <message>
   <source>A training is running</source>
   <translation>Ein Training läuft</translation>
  </message>
  <message>
   <source>A training is running.</source>
   <translation>Ein Training läuft.</translation>
  </message>
  <message>
   <source>It can go on in the background and is found again at the next start. A stopped one can be resumed.</source>
   <translation>Es kann im Hintergrund weiterlaufen und wird beim nächsten Start wiedergefunden. Ein angehaltenes lässt sich fortsetzen.</translation>
  </message>
  <message>
   <source>Keep running</source>
   <translation>Weiterlaufen lassen</translation>
  </message>
  <message>
   <source>Open it with Train, Runs (Ctrl+Shift+T).</source>
   <translation>Öffnen Sie ihn über Training, Läufe (Strg+Umschalt+T).</translation>
  </message>
  <message>
   <source>Stop</source>
   <translation>Anhalten</translation>
  </message>
  <message>
   <source>{n} trainings are running.</source>
   <translation>{n} Trainings laufen.</translation>
  </message>
 </context>
 <context>
  <name>TrainingWizard</name>
  <message>
   <source>, weights of {name}</source>
   <translation>, Gewichte aus {name}</translation>
  </message>
  <message>
   <source>1 problem is to be mended first.</source>
   <translation>1 Problem ist zuerst zu beheben.</translation>
  </message>
  <message>
   <source>A backbone of the list, or the name of a vision transformer in timm.</source>
   <translation>Ein Backbone der Liste, oder der Name eines Vision Transformers in timm.</translation>
  </message>
  <message>
   <source>A clinical table and the folder with its slides. What the columns mean is proposed; change what is wrong.</source>
   <translation>Eine klinische Tabelle und der Ordner mit ihren Schnitten. Was die Spalten bedeuten, wird vorgeschlagen; ändern Sie, was nicht stimmt.</translation>
  </message>
  <message>
   <source>A penalised Cox model on embeddings of the frozen backbone. Minutes, and steady in small cohorts.</source>
   <translation>Ein Cox-Modell mit Strafterm auf Einbettungen des eingefrorenen Backbones. Minuten, und stabil in kleinen Kohorten.</translation>
  </message>
  <message>
   <source>A setting is outside its limits.</source>
   <translation>Eine Einstellung liegt außerhalb ihrer Grenzen.</translation>
  </message>
  <message>
   <source>A split that was used before.</source>
   <translation>Eine Aufteilung, die schon verwendet wurde.</translation>
  </message>
  <message>
   <source>A vision transformer that was pre-trained on tiles, and what of it learns from your cohort.</source>
   <translation>Ein auf Kacheln vortrainierter Vision Transformer, und was davon aus Ihrer Kohorte lernt.</translation>
  </message>
  <message>
   <source>ALiBi, along the strip</source>
   <translation>ALiBi, entlang des Streifens</translation>
  </message>
  <message>
   <source>ALiBi, on the slide</source>
   <translation>ALiBi, auf dem Schnitt</translation>
  </message>
  <message>
   <source>Architecture</source>
   <translation>Architektur</translation>
  </message>
  <message>
   <source>Attention head</source>
   <translation>Attention-Kopf</translation>
  </message>
  <message>
   <source>Back</source>
   <translation>Zurück</translation>
  </message>
  <message>
   <source>Backbone</source>
   <translation>Backbone</translation>
  </message>
  <message>
   <source>Balance</source>
   <translation>Ausgleich</translation>
  </message>
  <message>
   <source>CLS token</source>
   <translation>CLS-Token</translation>
  </message>
  <message>
   <source>CLS token and mean</source>
   <translation>CLS-Token und Mittel</translation>
  </message>
  <message>
   <source>Cache folder</source>
   <translation>Ordner des Zwischenspeichers</translation>
  </message>
  <message>
   <source>Cache limit</source>
   <translation>Grenze des Zwischenspeichers</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <source>Caption</source>
   <translation>Bildunterschrift</translation>
  </message>
  <message>
   <source>Change one option at a time</source>
   <translation>Immer nur eine Option ändern</translation>
  </message>
  <message>
   <source>Changes at random while learning</source>
   <translation>Zufällige Änderungen beim Lernen</translation>
  </message>
  <message>
   <source>Choose the clinical table.</source>
   <translation>Wählen Sie die klinische Tabelle.</translation>
  </message>
  <message>
   <source>Choose the folder of runs.</source>
   <translation>Wählen Sie den Ordner der Läufe.</translation>
  </message>
  <message>
   <source>Choose the folder of slides.</source>
   <translation>Wählen Sie den Ordner mit den Schnitten.</translation>
  </message>
  <message>
   <source>Chosen</source>
   <translation>Gewählt</translation>
  </message>
  <message>
   <source>Clinical table</source>
   <translation>Klinische Tabelle</translation>
  </message>
  <message>
   <source>Cohort</source>
   <translation>Kohorte</translation>
  </message>
  <message>
   <source>Color bar</source>
   <translation>Farbbalken</translation>
  </message>
  <message>
   <source>Colors</source>
   <translation>Farben</translation>
  </message>
  <message>
   <source>Column</source>
   <translation>Spaltenweise</translation>
  </message>
  <message>
   <source>Column by column</source>
   <translation>Spalte für Spalte</translation>
  </message>
  <message>
   <source>Columns</source>
   <translation>Spalten</translation>
  </message>
  <message>
   <source>Compare choices (ablation)</source>
   <translation>Einstellungen vergleichen (Ablation)</translation>
  </message>
  <message>
   <source>Compute</source>
   <translation>Rechnen</translation>
  </message>
  <message>
   <source>Contour lines</source>
   <translation>Höhenlinien</translation>
  </message>
  <message>
   <source>Copied; its files are saved beside the runs.</source>
   <translation>Kopiert; die Dateien liegen neben den Läufen.</translation>
  </message>
  <message>
   <source>Copy as command</source>
   <translation>Als Befehl kopieren</translation>
  </message>
  <message>
   <source>Cox partial likelihood</source>
   <translation>Partielle Likelihood nach Cox</translation>
  </message>
  <message>
   <source>Damaged tiles allowed</source>
   <translation>Erlaubte beschädigte Kacheln</translation>
  </message>
  <message>
   <source>Detail</source>
   <translation>Detail</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Gerät</translation>
  </message>
  <message>
   <source>Disk</source>
   <translation>Platte</translation>
  </message>
  <message>
   <source>Distance counted in</source>
   <translation>Abstand gezählt in</translation>
  </message>
  <message>
   <source>Dry run on the largest slide</source>
   <translation>Probelauf am größten Schnitt</translation>
  </message>
  <message>
   <source>Dust</source>
   <translation>Staub</translation>
  </message>
  <message>
   <source>Elastic net</source>
   <translation>Elastic Net</translation>
  </message>
  <message>
   <source>Embedding all slides: {time}.</source>
   <translation>Alle Schnitte einbetten: {time}.</translation>
  </message>
  <message>
   <source>Eosin</source>
   <translation>Eosin</translation>
  </message>
  <message>
   <source>Epochs</source>
   <translation>Epochen</translation>
  </message>
  <message>
   <source>Event</source>
   <translation>Ereignis</translation>
  </message>
  <message>
   <source>Events</source>
   <translation>Ereignisse</translation>
  </message>
  <message>
   <source>Events and times</source>
   <translation>Ereignisse und Zeiten</translation>
  </message>
  <message>
   <source>File</source>
   <translation>Datei</translation>
  </message>
  <message>
   <source>Fine-tune</source>
   <translation>Feinabstimmung</translation>
  </message>
  <message>
   <source>Fold</source>
   <translation>Fold</translation>
  </message>
  <message>
   <source>Folder of runs</source>
   <translation>Ordner der Läufe</translation>
  </message>
  <message>
   <source>Folder of slides</source>
   <translation>Ordner der Schnitte</translation>
  </message>
  <message>
   <source>Folds</source>
   <translation>Folds</translation>
  </message>
  <message>
   <source>Folds at once</source>
   <translation>Folds gleichzeitig</translation>
  </message>
  <message>
   <source>Folds: one table, or one file a fold</source>
   <translation>Folds: eine Tabelle, oder eine Datei je Fold</translation>
  </message>
  <message>
   <source>Found by</source>
   <translation>Gefunden durch</translation>
  </message>
  <message>
   <source>Found by color (Otsu)</source>
   <translation>Nach Farbe gefunden (Otsu)</translation>
  </message>
  <message>
   <source>Free some space, or choose larger tiles.</source>
   <translation>Schaffen Sie Platz, oder wählen Sie größere Kacheln.</translation>
  </message>
  <message>
   <source>Frozen blocks</source>
   <translation>Eingefrorene Blöcke</translation>
  </message>
  <message>
   <source>GPU memory</source>
   <translation>Speicher der GPU</translation>
  </message>
  <message>
   <source>Get them with e2evit models get {id}, or give a weight file.</source>
   <translation>Holen Sie sie mit e2evit models get {id}, oder geben Sie eine Gewichtsdatei an.</translation>
  </message>
  <message>
   <source>GrandQC</source>
   <translation>GrandQC</translation>
  </message>
  <message>
   <source>GrandQC without artefacts</source>
   <translation>GrandQC ohne Artefakte</translation>
  </message>
  <message>
   <source>Height</source>
   <translation>Höhe</translation>
  </message>
  <message>
   <source>Hematoxylin</source>
   <translation>Hämatoxylin</translation>
  </message>
  <message>
   <source>Hide tiles below the range</source>
   <translation>Kacheln unter dem Bereich ausblenden</translation>
  </message>
  <message>
   <source>Highest value</source>
   <translation>Höchster Wert</translation>
  </message>
  <message>
   <source>Hilbert curve</source>
   <translation>Hilbert-Kurve</translation>
  </message>
  <message>
   <source>How the strip is read</source>
   <translation>Wie der Streifen gelesen wird</translation>
  </message>
  <message>
   <source>How they are made</source>
   <translation>Wie sie entstehen</translation>
  </message>
  <message>
   <source>How tissue is found and cut into tiles; stored with the model, which will read every later slide the same way. Look at the masks: click a slide to open it.</source>
   <translation>Wie Gewebe gefunden und in Kacheln geschnitten wird; mit dem Modell gespeichert, das jeden späteren Schnitt ebenso liest. Sehen Sie sich die Masken an: ein Klick auf einen Schnitt öffnet ihn.</translation>
  </message>
  <message>
   <source>Import folds…</source>
   <translation>Folds importieren…</translation>
  </message>
  <message>
   <source>Imported</source>
   <translation>Importiert</translation>
  </message>
  <message>
   <source>Imported from {names}.</source>
   <translation>Importiert aus {names}.</translation>
  </message>
  <message>
   <source>In each fold some patients are trained on, some tell when to stop (validation), and some are kept away until the end (test). A patient never is in two parts.</source>
   <translation>In jedem Fold wird an einigen Patienten trainiert, einige sagen, wann Schluss ist (Validierung), und einige bleiben bis zum Ende beiseite (Test). Kein Patient ist in zwei Teilen.</translation>
  </message>
  <message>
   <source>In the table</source>
   <translation>In der Tabelle</translation>
  </message>
  <message>
   <source>Inner folds</source>
   <translation>Innere Folds</translation>
  </message>
  <message>
   <source>Instead of all combinations: each differs in one option from the first.</source>
   <translation>Statt aller Kombinationen: Jede unterscheidet sich in einer Option von der ersten.</translation>
  </message>
  <message>
   <source>It was trained at {mpp:g} µm/px.</source>
   <translation>Es wurde bei {mpp:g} µm/px trainiert.</translation>
  </message>
  <message>
   <source>Kaplan-Meier</source>
   <translation>Kaplan-Meier</translation>
  </message>
  <message>
   <source>Keep sites together</source>
   <translation>Zentren zusammenhalten</translation>
  </message>
  <message>
   <source>Keep the prefix's position</source>
   <translation>Position des Präfixes behalten</translation>
  </message>
  <message>
   <source>Keep the strip</source>
   <translation>Streifen behalten</translation>
  </message>
  <message>
   <source>Language</source>
   <translation>Sprache</translation>
  </message>
  <message>
   <source>Largest gradient</source>
   <translation>Größter Gradient</translation>
  </message>
  <message>
   <source>Layer</source>
   <translation>Ebene</translation>
  </message>
  <message>
   <source>Learned, stretched</source>
   <translation>Gelernt, gestreckt</translation>
  </message>
  <message>
   <source>Learning from it</source>
   <translation>Daraus wird gelernt</translation>
  </message>
  <message>
   <source>Learning rate</source>
   <translation>Lernrate</translation>
  </message>
  <message>
   <source>Learning rate by layer</source>
   <translation>Lernrate je Schicht</translation>
  </message>
  <message>
   <source>Least gain</source>
   <translation>Kleinster Gewinn</translation>
  </message>
  <message>
   <source>Leave out bad slides</source>
   <translation>Unlesbare Schnitte auslassen</translation>
  </message>
  <message>
   <source>Leave out tiles</source>
   <translation>Kacheln auslassen</translation>
  </message>
  <message>
   <source>Left out, {label}: {reason}</source>
   <translation>Ausgelassen, {label}: {reason}</translation>
  </message>
  <message>
   <source>Licence</source>
   <translation>Lizenz</translation>
  </message>
  <message>
   <source>Licence: {licence}.</source>
   <translation>Lizenz: {licence}.</translation>
  </message>
  <message>
   <source>Likelihood of time bins</source>
   <translation>Likelihood der Zeitabschnitte</translation>
  </message>
  <message>
   <source>Line</source>
   <translation>Linie</translation>
  </message>
  <message>
   <source>Linear probing</source>
   <translation>Lineare Probe</translation>
  </message>
  <message>
   <source>Linear probing, Cox model</source>
   <translation>Lineare Probe, Cox-Modell</translation>
  </message>
  <message>
   <source>Load template</source>
   <translation>Vorlage laden</translation>
  </message>
  <message>
   <source>Load template…</source>
   <translation>Vorlage laden…</translation>
  </message>
  <message>
   <source>Looking at it</source>
   <translation>Wird angesehen</translation>
  </message>
  <message>
   <source>Looking at the size of all slides: {done} of {total}</source>
   <translation>Größe aller Schnitte wird angesehen: {done} von {total}</translation>
  </message>
  <message>
   <source>Looking at the size of all slides…</source>
   <translation>Größe aller Schnitte wird angesehen…</translation>
  </message>
  <message>
   <source>Looking at {name}…</source>
   <translation>{name} wird angesehen…</translation>
  </message>
  <message>
   <source>Looking for weights on this machine.</source>
   <translation>Gewichte auf diesem Rechner werden gesucht.</translation>
  </message>
  <message>
   <source>Loss</source>
   <translation>Verlust</translation>
  </message>
  <message>
   <source>Lowest value</source>
   <translation>Niedrigster Wert</translation>
  </message>
  <message>
   <source>Lymphocytes</source>
   <translation>Lymphozyten</translation>
  </message>
  <message>
   <source>Made</source>
   <translation>Entstanden</translation>
  </message>
  <message>
   <source>Make folds instead</source>
   <translation>Stattdessen Folds bilden</translation>
  </message>
  <message>
   <source>Masks</source>
   <translation>Masken</translation>
  </message>
  <message>
   <source>Mean</source>
   <translation>Mittel</translation>
  </message>
  <message>
   <source>Mean of the slides' risks</source>
   <translation>Mittel der Risiken der Schnitte</translation>
  </message>
  <message>
   <source>Mean of the tiles</source>
   <translation>Mittel der Kacheln</translation>
  </message>
  <message>
   <source>Memory</source>
   <translation>Arbeitsspeicher</translation>
  </message>
  <message>
   <source>Mend them, or choose to leave out bad slides.</source>
   <translation>Beheben Sie sie, oder lassen Sie unlesbare Schnitte aus.</translation>
  </message>
  <message>
   <source>Merge after block</source>
   <translation>Zusammenfassen nach Block</translation>
  </message>
  <message>
   <source>Merger</source>
   <translation>Zusammenfassung</translation>
  </message>
  <message>
   <source>Method</source>
   <translation>Verfahren</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modell</translation>
  </message>
  <message>
   <source>Model with backbone</source>
   <translation>Modell mit Backbone</translation>
  </message>
  <message>
   <source>Name of the run</source>
   <translation>Name des Laufs</translation>
  </message>
  <message>
   <source>Next</source>
   <translation>Weiter</translation>
  </message>
  <message>
   <source>None</source>
   <translation>Keine</translation>
  </message>
  <message>
   <source>None of the combinations can be trained.</source>
   <translation>Keine der Kombinationen lässt sich trainieren.</translation>
  </message>
  <message>
   <source>Nothing is varied: one training.</source>
   <translation>Nichts wird verändert: ein Training.</translation>
  </message>
  <message>
   <source>Nothing was measured with these settings yet.</source>
   <translation>Mit diesen Einstellungen wurde noch nichts gemessen.</translation>
  </message>
  <message>
   <source>Nuclear grade</source>
   <translation>Kernmalignitätsgrad</translation>
  </message>
  <message>
   <source>One linear layer learns on embeddings of the frozen backbone, as in the paper. Minutes.</source>
   <translation>Eine lineare Schicht lernt auf Einbettungen des eingefrorenen Backbones, wie in der Veröffentlichung. Minuten.</translation>
  </message>
  <message>
   <source>Only CONCH's own weight file brings a pooler.</source>
   <translation>Nur die eigene Gewichtsdatei von CONCH bringt einen Pooler mit.</translation>
  </message>
  <message>
   <source>Opacity</source>
   <translation>Deckkraft</translation>
  </message>
  <message>
   <source>Option {number} that is varied</source>
   <translation>Option {number}, die verändert wird</translation>
  </message>
  <message>
   <source>Or from a file</source>
   <translation>Oder aus einer Datei</translation>
  </message>
  <message>
   <source>Order of the strip</source>
   <translation>Reihenfolge des Streifens</translation>
  </message>
  <message>
   <source>Outline of the tissue</source>
   <translation>Umriss des Gewebes</translation>
  </message>
  <message>
   <source>Overlay</source>
   <translation>Überlagerung</translation>
  </message>
  <message>
   <source>Panel letter</source>
   <translation>Buchstabe der Teilabbildung</translation>
  </message>
  <message>
   <source>Part</source>
   <translation>Teil</translation>
  </message>
  <message>
   <source>Parts of a tile</source>
   <translation>Teile einer Kachel</translation>
  </message>
  <message>
   <source>Patience</source>
   <translation>Geduld</translation>
  </message>
  <message>
   <source>Patient</source>
   <translation>Patient</translation>
  </message>
  <message>
   <source>Patients</source>
   <translation>Patienten</translation>
  </message>
  <message>
   <source>Patients with several slides</source>
   <translation>Patienten mit mehreren Schnitten</translation>
  </message>
  <message>
   <source>Patients, slides and events by part</source>
   <translation>Patienten, Schnitte und Ereignisse je Teil</translation>
  </message>
  <message>
   <source>Pen mark</source>
   <translation>Stiftmarkierung</translation>
  </message>
  <message>
   <source>Penalty</source>
   <translation>Strafterm</translation>
  </message>
  <message>
   <source>Positions</source>
   <translation>Positionen</translation>
  </message>
  <message>
   <source>Precision</source>
   <translation>Genauigkeit</translation>
  </message>
  <message>
   <source>Preparing</source>
   <translation>Vorbereitung</translation>
  </message>
  <message>
   <source>Preparing all slides: {time}.</source>
   <translation>Alle Schnitte vorbereiten: {time}.</translation>
  </message>
  <message>
   <source>Preparing the slides takes at most {need}; {free} are free.</source>
   <translation>Das Vorbereiten der Schnitte braucht höchstens {need}; {free} sind frei.</translation>
  </message>
  <message>
   <source>Problems ({n})</source>
   <translation>Probleme ({n})</translation>
  </message>
  <message>
   <source>Problems of the folds</source>
   <translation>Probleme der Folds</translation>
  </message>
  <message>
   <source>Problems of the table</source>
   <translation>Probleme der Tabelle</translation>
  </message>
  <message>
   <source>Progress of the dry run</source>
   <translation>Fortschritt des Probelaufs</translation>
  </message>
  <message>
   <source>Propose again</source>
   <translation>Wieder vorschlagen</translation>
  </message>
  <message>
   <source>Read-out</source>
   <translation>Ausgabe</translation>
  </message>
  <message>
   <source>Reading the table and looking for slides…</source>
   <translation>Die Tabelle wird gelesen, und Schnitte werden gesucht…</translation>
  </message>
  <message>
   <source>Regions</source>
   <translation>Regionen</translation>
  </message>
  <message>
   <source>Resolution</source>
   <translation>Auflösung</translation>
  </message>
  <message>
   <source>Resolution of the slide</source>
   <translation>Auflösung des Schnitts</translation>
  </message>
  <message>
   <source>Resolution of the slides</source>
   <translation>Auflösung der Schnitte</translation>
  </message>
  <message>
   <source>Resolution of the tiles</source>
   <translation>Auflösung der Kacheln</translation>
  </message>
  <message>
   <source>Review</source>
   <translation>Durchsicht</translation>
  </message>
  <message>
   <source>Ridge</source>
   <translation>Ridge</translation>
  </message>
  <message>
   <source>Risk of the mean embedding</source>
   <translation>Risiko der mittleren Einbettung</translation>
  </message>
  <message>
   <source>Row by row</source>
   <translation>Zeile für Zeile</translation>
  </message>
  <message>
   <source>Save as template</source>
   <translation>Als Vorlage speichern</translation>
  </message>
  <message>
   <source>Save as template…</source>
   <translation>Als Vorlage speichern…</translation>
  </message>
  <message>
   <source>Save memory</source>
   <translation>Speicher sparen</translation>
  </message>
  <message>
   <source>Say which backbone the weight file is of.</source>
   <translation>Sagen Sie, von welchem Backbone die Gewichtsdatei ist.</translation>
  </message>
  <message>
   <source>Scale</source>
   <translation>Skala</translation>
  </message>
  <message>
   <source>Scale bar</source>
   <translation>Maßstab</translation>
  </message>
  <message>
   <source>Seconds and memory of detail are of one slide of {tiles} tiles, the mean of those on the page of the tiles.</source>
   <translation>Sekunden und Speicher bei der Detailstufe gelten für einen Schnitt mit {tiles} Kacheln, dem Mittel derer auf der Seite der Kacheln.</translation>
  </message>
  <message>
   <source>Seconds and memory of detail are of one slide of {tiles} tiles.</source>
   <translation>Sekunden und Speicher bei der Detailstufe gelten für einen Schnitt mit {tiles} Kacheln.</translation>
  </message>
  <message>
   <source>Seed</source>
   <translation>Startzahl</translation>
  </message>
  <message>
   <source>Settings</source>
   <translation>Einstellungen</translation>
  </message>
  <message>
   <source>Settings of learning</source>
   <translation>Einstellungen des Lernens</translation>
  </message>
  <message>
   <source>Share of L1</source>
   <translation>Anteil von L1</translation>
  </message>
  <message>
   <source>Show others</source>
   <translation>Andere zeigen</translation>
  </message>
  <message>
   <source>Side of a square</source>
   <translation>Seite eines Quadrats</translation>
  </message>
  <message>
   <source>Site</source>
   <translation>Zentrum</translation>
  </message>
  <message>
   <source>Size of a tile</source>
   <translation>Größe einer Kachel</translation>
  </message>
  <message>
   <source>Slide</source>
   <translation>Schnitt</translation>
  </message>
  <message>
   <source>Slides</source>
   <translation>Schnitte</translation>
  </message>
  <message>
   <source>Slides ({n})</source>
   <translation>Schnitte ({n})</translation>
  </message>
  <message>
   <source>Slides a step</source>
   <translation>Schnitte je Schritt</translation>
  </message>
  <message>
   <source>Slides and their files</source>
   <translation>Schnitte und ihre Dateien</translation>
  </message>
  <message>
   <source>Squares at most</source>
   <translation>Höchstzahl der Quadrate</translation>
  </message>
  <message>
   <source>Standardise embeddings</source>
   <translation>Einbettungen standardisieren</translation>
  </message>
  <message>
   <source>Start training</source>
   <translation>Training starten</translation>
  </message>
  <message>
   <source>Starting a process of its own…</source>
   <translation>Ein eigener Prozess wird gestartet…</translation>
  </message>
  <message>
   <source>Steps</source>
   <translation>Schritte</translation>
  </message>
  <message>
   <source>Table</source>
   <translation>Tabelle</translation>
  </message>
  <message>
   <source>Table of slides</source>
   <translation>Tabelle der Schnitte</translation>
  </message>
  <message>
   <source>Tables (*.csv *.tsv *.txt *.xlsx);;All files (*)</source>
   <translation>Tabellen (*.csv *.tsv *.txt *.xlsx);;Alle Dateien (*)</translation>
  </message>
  <message>
   <source>Templates ({endings})</source>
   <translation>Vorlagen ({endings})</translation>
  </message>
  <message>
   <source>Templates ({endings});;All files (*)</source>
   <translation>Vorlagen ({endings});;Alle Dateien (*)</translation>
  </message>
  <message>
   <source>That may not suffice.</source>
   <translation>Das reicht vielleicht nicht.</translation>
  </message>
  <message>
   <source>The attention merger is learned, and linear probing leaves the model as it is.</source>
   <translation>Die Zusammenfassung durch Attention wird gelernt, und die lineare Probe lässt das Modell, wie es ist.</translation>
  </message>
  <message>
   <source>The cohort is being checked.</source>
   <translation>Die Kohorte wird geprüft.</translation>
  </message>
  <message>
   <source>The cohort is not known yet.</source>
   <translation>Die Kohorte ist noch nicht bekannt.</translation>
  </message>
  <message>
   <source>The folds are being made.</source>
   <translation>Die Folds werden gebildet.</translation>
  </message>
  <message>
   <source>The imported folds cannot be used.</source>
   <translation>Die importierten Folds können nicht verwendet werden.</translation>
  </message>
  <message>
   <source>The largest slide</source>
   <translation>Der größte Schnitt</translation>
  </message>
  <message>
   <source>The linear layer then learns in seconds to minutes.</source>
   <translation>Die lineare Schicht lernt danach in Sekunden bis Minuten.</translation>
  </message>
  <message>
   <source>The same on the command line</source>
   <translation>Dasselbe auf der Kommandozeile</translation>
  </message>
  <message>
   <source>The table looks like one of {name}. </source>
   <translation>Die Tabelle sieht aus wie eine von {name}. </translation>
  </message>
  <message>
   <source>The weight file is being looked at.</source>
   <translation>Die Gewichtsdatei wird angesehen.</translation>
  </message>
  <message>
   <source>The weights of this backbone are not on this machine: choose another, or a weight file.</source>
   <translation>Die Gewichte dieses Backbones sind nicht auf diesem Rechner: wählen Sie ein anderes, oder eine Gewichtsdatei.</translation>
  </message>
  <message>
   <source>The weights of {title} are not on this machine.</source>
   <translation>Die Gewichte von {title} sind nicht auf diesem Rechner.</translation>
  </message>
  <message>
   <source>The whole picture</source>
   <translation>Das ganze Bild</translation>
  </message>
  <message>
   <source>The whole training</source>
   <translation>Das ganze Training</translation>
  </message>
  <message>
   <source>The whole vision transformer learns, end to end. Best on a GPU; hours to days.</source>
   <translation>Der ganze Vision Transformer lernt, von Anfang bis Ende. Am besten auf einer GPU; Stunden bis Tage.</translation>
  </message>
  <message>
   <source>Theme</source>
   <translation>Erscheinungsbild</translation>
  </message>
  <message>
   <source>There are no folds yet.</source>
   <translation>Noch gibt es keine Folds.</translation>
  </message>
  <message>
   <source>Threads</source>
   <translation>Threads</translation>
  </message>
  <message>
   <source>Tiles</source>
   <translation>Kacheln</translation>
  </message>
  <message>
   <source>Time</source>
   <translation>Zeit</translation>
  </message>
  <message>
   <source>Time bins</source>
   <translation>Zeitabschnitte</translation>
  </message>
  <message>
   <source>Time of death</source>
   <translation>Todeszeitpunkt</translation>
  </message>
  <message>
   <source>Time of last follow-up</source>
   <translation>Zeitpunkt der letzten Nachsorge</translation>
  </message>
  <message>
   <source>Tissue</source>
   <translation>Gewebe</translation>
  </message>
  <message>
   <source>Tissue and tiles</source>
   <translation>Gewebe und Kacheln</translation>
  </message>
  <message>
   <source>Tissue in a tile</source>
   <translation>Gewebe in einer Kachel</translation>
  </message>
  <message>
   <source>Title</source>
   <translation>Titel</translation>
  </message>
  <message>
   <source>To and fro</source>
   <translation>Hin und her</translation>
  </message>
  <message>
   <source>To look at ({n})</source>
   <translation>Anzusehen ({n})</translation>
  </message>
  <message>
   <source>Tokens</source>
   <translation>Token</translation>
  </message>
  <message>
   <source>Tokens a tile</source>
   <translation>Token je Kachel</translation>
  </message>
  <message>
   <source>Tokens kept as</source>
   <translation>Token behalten als</translation>
  </message>
  <message>
   <source>Tokens kept on disk: about {need} for {slides} slides.</source>
   <translation>Aufgehobene Tokens auf der Platte: etwa {need} für {slides} Schnitte.</translation>
  </message>
  <message>
   <source>Train a risk model</source>
   <translation>Risikomodell trainieren</translation>
  </message>
  <message>
   <source>Transformer layer</source>
   <translation>Schicht des Transformers</translation>
  </message>
  <message>
   <source>Turn tiles</source>
   <translation>Kacheln drehen</translation>
  </message>
  <message>
   <source>Used</source>
   <translation>Verwendet</translation>
  </message>
  <message>
   <source>Validation part</source>
   <translation>Validierungsteil</translation>
  </message>
  <message>
   <source>Values of option {number}</source>
   <translation>Werte der Option {number}</translation>
  </message>
  <message>
   <source>Vary the level of colors</source>
   <translation>Helligkeit der Farben variieren</translation>
  </message>
  <message>
   <source>Vary the strength of colors</source>
   <translation>Stärke der Farben variieren</translation>
  </message>
  <message>
   <source>Warnings</source>
   <translation>Warnungen</translation>
  </message>
  <message>
   <source>Weight decay</source>
   <translation>Gewichtsabnahme</translation>
  </message>
  <message>
   <source>Weight file…</source>
   <translation>Gewichtsdatei…</translation>
  </message>
  <message>
   <source>Weights (*.safetensors *.pth *.pt *.bin);;All files (*)</source>
   <translation>Gewichte (*.safetensors *.pth *.pt *.bin);;Alle Dateien (*)</translation>
  </message>
  <message>
   <source>Weights of a backbone</source>
   <translation>Gewichte eines Backbones</translation>
  </message>
  <message>
   <source>What</source>
   <translation>Was</translation>
  </message>
  <message>
   <source>What is wrong</source>
   <translation>Was nicht stimmt</translation>
  </message>
  <message>
   <source>What learns</source>
   <translation>Was lernt</translation>
  </message>
  <message>
   <source>What the columns mean</source>
   <translation>Was die Spalten bedeuten</translation>
  </message>
  <message>
   <source>What to look at</source>
   <translation>Was anzusehen ist</translation>
  </message>
  <message>
   <source>What will be done</source>
   <translation>Was getan wird</translation>
  </message>
  <message>
   <source>What will be done. It runs in a process of its own: you may go on with other slides, or close the window.</source>
   <translation>Was getan wird. Es läuft in einem eigenen Prozess: Sie können mit anderen Schnitten weitermachen oder das Fenster schließen.</translation>
  </message>
  <message>
   <source>Where and how</source>
   <translation>Wo und wie</translation>
  </message>
  <message>
   <source>Where it goes</source>
   <translation>Wohin es kommt</translation>
  </message>
  <message>
   <source>Where the training runs. A dry run learns from the largest slide once and measures it, before hours are spent.</source>
   <translation>Wo das Training läuft. Ein Probelauf lernt einmal aus dem größten Schnitt und misst es, bevor Stunden vergehen.</translation>
  </message>
  <message>
   <source>Who is used</source>
   <translation>Wer verwendet wird</translation>
  </message>
  <message>
   <source>Who is where</source>
   <translation>Wer wo ist</translation>
  </message>
  <message>
   <source>Width</source>
   <translation>Breite</translation>
  </message>
  <message>
   <source>With slides</source>
   <translation>Mit Schnitten</translation>
  </message>
  <message>
   <source>With time and event</source>
   <translation>Mit Zeit und Ereignis</translation>
  </message>
  <message>
   <source>Write the values of {option}.</source>
   <translation>Schreiben Sie die Werte von {option}.</translation>
  </message>
  <message>
   <source>all as in the paper</source>
   <translation>alles wie in der Veröffentlichung</translation>
  </message>
  <message>
   <source>all as proposed</source>
   <translation>alles wie vorgeschlagen</translation>
  </message>
  <message>
   <source>as the file's layout says</source>
   <translation>wie der Aufbau der Datei sagt</translation>
  </message>
  <message>
   <source>at most {need}</source>
   <translation>höchstens {need}</translation>
  </message>
  <message>
   <source>at most {time}</source>
   <translation>höchstens {time}</translation>
  </message>
  <message>
   <source>automatic</source>
   <translation>automatisch</translation>
  </message>
  <message>
   <source>being looked at…</source>
   <translation>wird angesehen…</translation>
  </message>
  <message>
   <source>cannot be used</source>
   <translation>nicht verwendbar</translation>
  </message>
  <message>
   <source>files</source>
   <translation>Dateien</translation>
  </message>
  <message>
   <source>left out by the user</source>
   <translation>vom Benutzer ausgelassen</translation>
  </message>
  <message>
   <source>looking at slide {n} of {total}…</source>
   <translation>Schnitt {n} von {total} wird angesehen…</translation>
  </message>
  <message>
   <source>name</source>
   <translation>Name</translation>
  </message>
  <message>
   <source>name in other case</source>
   <translation>Name in anderer Groß- und Kleinschreibung</translation>
  </message>
  <message>
   <source>name up to the first dot</source>
   <translation>Name bis zum ersten Punkt</translation>
  </message>
  <message>
   <source>name without suffix</source>
   <translation>Name ohne Endung</translation>
  </message>
  <message>
   <source>no</source>
   <translation>nein</translation>
  </message>
  <message>
   <source>no file</source>
   <translation>keine Datei</translation>
  </message>
  <message>
   <source>no row</source>
   <translation>keine Zeile</translation>
  </message>
  <message>
   <source>nothing</source>
   <translation>nichts</translation>
  </message>
  <message>
   <source>on request</source>
   <translation>auf Anfrage</translation>
  </message>
  <message>
   <source>on this machine</source>
   <translation>auf diesem Rechner</translation>
  </message>
  <message>
   <source>only where a second table says which slide is of which patient</source>
   <translation>nur wo eine zweite Tabelle sagt, welcher Schnitt von welchem Patienten ist</translation>
  </message>
  <message>
   <source>patient</source>
   <translation>Patient</translation>
  </message>
  <message>
   <source>patient at the start of the file's name</source>
   <translation>Patient am Anfang des Dateinamens</translation>
  </message>
  <message>
   <source>patients</source>
   <translation>Patienten</translation>
  </message>
  <message>
   <source>rows</source>
   <translation>Zeilen</translation>
  </message>
  <message>
   <source>slide</source>
   <translation>Schnitt</translation>
  </message>
  <message>
   <source>slides</source>
   <translation>Schnitte</translation>
  </message>
  <message>
   <source>test</source>
   <translation>Test</translation>
  </message>
  <message>
   <source>that do not fit the header</source>
   <translation>die nicht zur Kopfzeile passen</translation>
  </message>
  <message>
   <source>the user's pattern</source>
   <translation>das Muster des Benutzers</translation>
  </message>
  <message>
   <source>to download</source>
   <translation>herunterzuladen</translation>
  </message>
  <message>
   <source>train</source>
   <translation>Training</translation>
  </message>
  <message>
   <source>val</source>
   <translation>Validierung</translation>
  </message>
  <message>
   <source>values, with commas between them</source>
   <translation>Werte, durch Kommas getrennt</translation>
  </message>
  <message>
   <source>was prepared before</source>
   <translation>war schon vorbereitet</translation>
  </message>
  <message>
   <source>with a problem</source>
   <translation>mit einem Problem</translation>
  </message>
  <message>
   <source>with the event, but without its day</source>
   <translation>mit dem Ereignis, aber ohne seinen Tag</translation>
  </message>
  <message>
   <source>without a patient</source>
   <translation>ohne Patienten</translation>
  </message>
  <message>
   <source>without a slide</source>
   <translation>ohne Schnitt</translation>
  </message>
  <message>
   <source>without a time</source>
   <translation>ohne Zeit</translation>
  </message>
  <message>
   <source>without an event or vital status</source>
   <translation>ohne Ereignis oder Vitalstatus</translation>
  </message>
  <message>
   <source>yes</source>
   <translation>ja</translation>
  </message>
  <message>
   <source>{area}{tiles} tiles</source>
   <translation>{area}{tiles} Kacheln</translation>
  </message>
  <message>
   <source>{count} trainings on the same folds, one after the other; slides are prepared once.</source>
   <translation>{count} Trainings auf denselben Teilungen, eines nach dem anderen; Schnitte werden einmal vorbereitet.</translation>
  </message>
  <message>
   <source>{folds} folds of at most {epochs} epochs, {time} an epoch; folds usually stop earlier.</source>
   <translation>{folds} Folds mit höchstens {epochs} Epochen, {time} je Epoche; Folds halten meist früher an.</translation>
  </message>
  <message>
   <source>{name}, {tiles} tiles</source>
   <translation>{name}, {tiles} Kacheln</translation>
  </message>
  <message>
   <source>{n} folds from {names}</source>
   <translation>{n} Folds aus {names}</translation>
  </message>
  <message>
   <source>{n} folds, seed {seed}</source>
   <translation>{n} Folds, Startzahl {seed}</translation>
  </message>
  <message>
   <source>{n} of these slides cannot be used. {name}: {why}</source>
   <translation>{n} dieser Schnitte sind nicht verwendbar. {name}: {why}</translation>
  </message>
  <message>
   <source>{n} of {total} slides</source>
   <translation>{n} von {total} Schnitten</translation>
  </message>
  <message>
   <source>{n} problems are to be mended first.</source>
   <translation>{n} Probleme sind zuerst zu beheben.</translation>
  </message>
  <message>
   <source>{patients} patients, {events} with the event ({endpoint}), {slides} slides</source>
   <translation>{patients} Patienten, {events} mit dem Ereignis ({endpoint}), {slides} Schnitte</translation>
  </message>
  <message>
   <source>{patients}, {events} with the event, {slides}.</source>
   <translation>{patients}, {events} mit dem Ereignis, {slides}.</translation>
  </message>
  <message>
   <source>{slides} cannot be opened: the training will stop there.</source>
   <translation>{slides} lassen sich nicht öffnen: das Training wird dort anhalten.</translation>
  </message>
  <message>
   <source>{title} has {depth} blocks, so tiles cannot be merged after block {after}.</source>
   <translation>{title} hat {depth} Blöcke, also können Kacheln nicht nach Block {after} zusammengefasst werden.</translation>
  </message>
  <message>
   <source>{title}: {millions} million parameters, {patch} px patches, width {width}, {depth} blocks.</source>
   <translation>{title}: {millions} Millionen Parameter, Patches von {patch} px, Breite {width}, {depth} Blöcke.</translation>
  </message>
 </context>
 <context>
  <name>UndoCommands</name>
  <message>
   <source>&amp;Redo</source>
   <translation>&amp;Wiederholen</translation>
  </message>
  <message>
   <source>&amp;Redo {what}</source>
   <translation>&amp;Wiederholen: {what}</translation>
  </message>
  <message>
   <source>&amp;Undo</source>
   <translation>&amp;Rückgängig</translation>
  </message>
  <message>
   <source>&amp;Undo {what}</source>
   <translation>&amp;Rückgängig: {what}</translation>
  </message>
 </context>
 <context>
  <name>WindowParts</name>
  <message>
   <source>Device</source>
   <translation>Gerät</translation>
  </message>
  <message>
   <source>Run</source>
   <translation>Starten</translation>
  </message>
  <message>
   <source>Tools</source>
   <translation>Werkzeuge</translation>
  </message>
  <message>
   <source>Where the model runs</source>
   <translation>Wo das Modell läuft</translation>
  </message>
 </context>
 <context>
  <name>WizardPresenter</name>
  <message>
   <source>The cohort or its folds are missing.</source>
   <translation>Die Kohorte oder ihre Folds fehlen.</translation>
  </message>
 </context>
 <context>
  <name>_Strip</name>
  <message>
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <source>Close this notice</source>
   <translation>Diesen Hinweis schließen</translation>
  </message>
  <message>
   <source>Details</source>
   <translation>Einzelheiten</translation>
  </message>
 </context>
</TS>
