//! Pictures for the documentation: the same in at most 64 colours, a third of the size.

use std::{collections::HashMap, fs::File, io::BufReader, path::Path};

/// Colours of a light picture. The window has few, and many shades between them at the edges of letters.
const COLOURS: usize = 64;

type Colour = [u8; 3];

/// Writes the picture `from` to `to`, each of its colours replaced by the nearest of its most frequent ones.
pub(crate) fn write(from: &Path, to: &Path) {
    let mut decoder = png::Decoder::new(BufReader::new(File::open(from).unwrap()));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    let pixels: Vec<Colour> = (bytes[..info.buffer_size()].chunks_exact(info.color_type.samples()))
        .map(|pixel| [pixel[0], pixel[1], pixel[2]])
        .collect();

    let palette = frequent(&pixels);
    let mut known = HashMap::new();
    let indices: Vec<u8> =
        pixels.iter().map(|pixel| *known.entry(*pixel).or_insert_with(|| nearest(*pixel, &palette))).collect();

    let mut encoder = png::Encoder::new(File::create(to).unwrap(), info.width, info.height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette.concat());
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    encoder.write_header().unwrap().write_image_data(&indices).unwrap();
}

/// Of colours that are nearly the same, one is enough.
fn frequent(pixels: &[Colour]) -> Vec<Colour> {
    const NEAR: u32 = 600;
    let mut counts: HashMap<Colour, u32> = HashMap::new();
    for pixel in pixels {
        *counts.entry(*pixel).or_default() += 1;
    }
    let mut counts: Vec<(Colour, u32)> = counts.into_iter().collect();
    counts.sort_unstable_by_key(|(colour, count)| (u32::MAX - count, *colour));
    let mut palette: Vec<Colour> = Vec::new();
    for (colour, _) in counts {
        // The areas of the window first, as they are; then shades that have no neighbour yet.
        if palette.len() < COLOURS / 4 || palette.iter().all(|other| distance(*other, colour) > NEAR) {
            palette.push(colour);
        }
        if palette.len() == COLOURS {
            break;
        }
    }
    palette
}

fn nearest(colour: Colour, palette: &[Colour]) -> u8 {
    let nearest = palette.iter().enumerate().min_by_key(|(_, other)| distance(**other, colour));
    nearest.and_then(|(index, _)| u8::try_from(index).ok()).unwrap()
}

fn distance(a: Colour, b: Colour) -> u32 {
    a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
}
