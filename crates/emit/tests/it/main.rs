//! What is emitted for three hand-made designs, and that hostile text stays text.

mod decisions;
mod documents;
mod health;
mod hostile;
mod images;
mod pipelines;
mod platforms;
mod sample;
mod scripts;
mod shapes;
mod stacks;
mod written;
