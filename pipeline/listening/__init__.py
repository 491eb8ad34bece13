"""What the workbench needs to play a recording: its waveform and a sound that browsers take."""
