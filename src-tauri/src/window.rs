//! The one window: made here rather than from tauri.conf.json alone, so that everything a page could ask of its webview
//! beside the commands is answered with no.

#[cfg(target_os = "linux")]
use std::path::PathBuf;

use tauri::webview::{NewWindowResponse, PermissionResponse};
use tauri::window::Color;
use tauri::{AppHandle, LogicalPosition, LogicalSize, Manager, Runtime, Url, WebviewWindow, WebviewWindowBuilder};
use wire::Theme;

use crate::window_preferences::{Frame, Memory};

/// The label of the one window. The capability is for it alone.
pub const MAIN: &str = "main";

/// The paper of the page (ui/src/styles/tokens.css), so that nothing flashes before it is drawn.
const LIGHT: Color = Color(0xFB, 0xFA, 0xF7, 0xFF);
const DARK: Color = Color(0x11, 0x12, 0x14, 0xFF);

/// Opens the window as tauri.conf.json describes it, where and how it was last.
pub(crate) fn open<R: Runtime>(app: &AppHandle<R>, memory: &Memory) -> tauri::Result<WebviewWindow<R>> {
    let config = app.config().app.windows.iter().find(|window| window.label == MAIN).cloned();
    let config = config.ok_or(tauri::Error::WindowNotFound)?;
    let window = WebviewWindowBuilder::from_config(app, &config)?
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_permission_request(|_, _| PermissionResponse::Deny)
        .theme(native(memory.appearance.theme))
        .visible(false);
    #[cfg(target_os = "linux")]
    let window = window.data_directory(webkit_folder(app)?);
    let window = window.build()?;
    if let Some(frame) = memory.frame {
        put(&window, frame)?;
    }
    let dark = window.theme().is_ok_and(|theme| theme == tauri::Theme::Dark);
    window.set_background_color(Some(if dark { DARK } else { LIGHT }))?;
    window.show()?;
    Ok(window)
}

/// WebKitGTK makes its folders even where it keeps nothing; they are poor neighbours for a vault. Where no cache can be
/// written, as in a home that can only be read, there is a folder that goes when the program ends.
#[cfg(target_os = "linux")]
fn webkit_folder<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<PathBuf> {
    let usual = app.path().app_cache_dir().map(|cache| cache.join("webkit"));
    if let Ok(folder) = usual
        && std::fs::create_dir_all(&folder).is_ok()
    {
        return Ok(folder);
    }
    let folder = tempfile::Builder::new().prefix("keywright-webkit-").tempdir()?;
    let path = folder.path().to_owned();
    app.manage(folder);
    Ok(path)
}

/// Gives the window the looks that were chosen: its frame, its dialogs, and what the page is told of the system.
pub(crate) fn dress<R: Runtime>(app: &AppHandle<R>, theme: Theme) -> tauri::Result<()> {
    app.get_webview_window(MAIN).map_or(Ok(()), |window| window.set_theme(native(theme)))
}

/// Brings the window to the front, for a second start of the program.
pub(crate) fn show<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window(MAIN) {
        // A desktop may refuse to let a window push itself forward; nothing is lost then.
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}

/// Where the window stands now.
pub(crate) fn frame<R: Runtime>(window: &WebviewWindow<R>, before: Option<Frame>) -> tauri::Result<Frame> {
    let scale = window.scale_factor()?;
    let maximized = window.is_maximized()?;
    if let (true, Some(before)) = (maximized, before) {
        // Its size is the screen's now; what it goes back to is what it had.
        return Ok(Frame { maximized, ..before });
    }
    let place = window.outer_position()?.to_logical::<f64>(scale);
    let size = window.inner_size()?.to_logical::<f64>(scale);
    Ok(Frame { x: place.x, y: place.y, width: size.width, height: size.height, maximized })
}

/// Puts the window where it was, if there is still a screen.
fn put<R: Runtime>(window: &WebviewWindow<R>, frame: Frame) -> tauri::Result<()> {
    let screens: Vec<Frame> = window.available_monitors()?.iter().map(screen).collect();
    window.set_size(LogicalSize::new(frame.width.max(960.0), frame.height.max(600.0)))?;
    if is_on_screen(frame, &screens) {
        window.set_position(LogicalPosition::new(frame.x, frame.y))?;
    }
    if frame.maximized {
        window.maximize()?;
    }
    Ok(())
}

fn screen(monitor: &tauri::window::Monitor) -> Frame {
    let scale = monitor.scale_factor();
    let (place, size) = (monitor.position().to_logical::<f64>(scale), monitor.size().to_logical::<f64>(scale));
    Frame { x: place.x, y: place.y, width: size.width, height: size.height, maximized: false }
}

/// Whether enough of the title bar is on one of the screens to be seen and held.
fn is_on_screen(frame: Frame, screens: &[Frame]) -> bool {
    const SEEN: f64 = 100.0;
    screens.iter().any(|screen| {
        let across = (frame.x + frame.width).min(screen.x + screen.width) - frame.x.max(screen.x);
        across >= SEEN && frame.y >= screen.y && frame.y + SEEN <= screen.y + screen.height
    })
}

fn native(theme: Theme) -> Option<tauri::Theme> {
    match theme {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    }
}

/// Whether an address is the page itself: the bundle, or Vite while developing.
fn is_ours(url: &Url) -> bool {
    let origin = (url.scheme(), url.host_str(), url.port());
    match origin {
        ("tauri", Some("localhost"), None) => true,
        ("http" | "https", Some("tauri.localhost"), None) => cfg!(windows),
        ("http", Some("127.0.0.1"), Some(5173)) => cfg!(dev),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_page_itself_is_gone_to() {
        let ours = |address: &str| is_ours(&address.parse().unwrap());
        assert!(ours("tauri://localhost/index.html"));
        for foreign in
            ["https://example.com/", "file:///etc/passwd", "tauri://example.com/", "data:text/html,x", "about:blank"]
        {
            assert!(!ours(foreign), "{foreign}");
        }
    }

    #[test]
    fn a_window_goes_back_only_to_a_screen_that_is_there() {
        let screen = Frame { x: 0.0, y: 0.0, width: 1920.0, height: 1080.0, maximized: false };
        let at = |x, y| Frame { x, y, width: 1280.0, height: 800.0, maximized: false };
        assert!(is_on_screen(at(100.0, 50.0), &[screen]));
        assert!(is_on_screen(at(-1100.0, 50.0), &[screen]));
        assert!(!is_on_screen(at(-1250.0, 50.0), &[screen]));
        assert!(!is_on_screen(at(2500.0, 50.0), &[screen]));
        assert!(!is_on_screen(at(100.0, -30.0), &[screen]));
        assert!(!is_on_screen(at(100.0, 1050.0), &[screen]));
        assert!(!is_on_screen(at(100.0, 50.0), &[]));
    }
}
