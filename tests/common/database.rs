//! The database behind a school's store, as other programs see it: the file beside the settings, or with
//! `NHACVIEC_TEST_STORE=postgres://USER:PASSWORD@HOST:PORT/DATABASE` a schema of its own for each school.

use std::sync::atomic::{AtomicUsize, Ordering};

use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, AssertSqlSafe, ConnectOptions};
use url::Url;

use super::Files;

/// What the settings of tests say of their store.
const FILE: &str = "store = \"sqlite:";
/// The file of the password.
const PASSWORD: &str = "store.password";

/// Where the tests keep their stores, where that is a server.
fn server() -> Option<Url> {
    let url = std::env::var("NHACVIEC_TEST_STORE").ok().filter(|url| !url.is_empty())?;
    Some(url.parse().expect("NHACVIEC_TEST_STORE is an address"))
}

/// Whether the stores of the tests are databases of PostgreSQL: what is about files alone has nothing to test then.
pub fn is_server() -> bool {
    server().is_some()
}

/// Whether every school has a neighbour in its tables (`tests/data/neighbour.sql`).
pub fn has_neighbours() -> bool {
    server().is_some_and(|url| url.path() == "/neighbours")
}

/// The schema of a school, made now, with the address of the server.
pub fn schema() -> Option<Url> {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);

    let mut url = server()?;
    let schema = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    run(&url, format!("CREATE SCHEMA {schema}"));
    url.query_pairs_mut().append_pair("options[search_path]", &schema);
    Some(url)
}

/// Takes everything out of the schema of a school.
pub fn empty(url: &Url) {
    let (_, schema) = url.query_pairs().find(|(key, _)| key == "options[search_path]").unwrap();
    run(url, format!("DROP SCHEMA {schema} CASCADE; CREATE SCHEMA {schema}"));
}

/// Runs statements, for tests that may be within their runtimes.
fn run(url: &Url, statements: String) {
    let url = url.to_string();
    let ran = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut connection = connect(&url).await;
            sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut connection).await.unwrap();
        });
    });
    ran.join().unwrap();
}

/// Lets the settings of a school name its schema, on the line that names a file.
pub fn place(files: &Files) {
    let Some(url) = &files.schema else { return };
    let password = url.password().unwrap_or_default().to_owned();
    files.secret(PASSWORD, &password);
    let mut bare = url.clone();
    bare.set_password(None).unwrap();
    let settings = files.read("nhacviec.toml");
    let Some(start) = settings.find(FILE) else { return };
    let end = start + settings[start..].find('\n').unwrap();
    let store = format!("store = \"{bare}\"\nstore_password_file = \"{PASSWORD}\"\nstate = \".\"");
    files.write("nhacviec.toml", &format!("{}{store}{}", &settings[..start], &settings[end..]));
}

/// A connection to the database at an address, which sees no neighbour of the school (`tests/data/neighbour.sql`).
pub async fn connect(url: &str) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let mut connection = url.parse::<AnyConnectOptions>().unwrap().connect().await.unwrap();
    if is_server() {
        sqlx::query("SET nhacviec.test = 'on'").execute(&mut connection).await.unwrap();
    }
    connection
}

/// Has a database refuse every attempt to keep what came of a delivery, until [`take_results`].
pub async fn refuse_results(database: &mut AnyConnection) {
    let trigger = if is_server() {
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$; \
         CREATE TRIGGER refuse BEFORE INSERT ON delivery FOR EACH ROW EXECUTE FUNCTION no_room()"
    } else {
        "CREATE TRIGGER refuse BEFORE INSERT ON delivery BEGIN SELECT RAISE(ABORT, 'no room'); END"
    };
    sqlx::raw_sql(trigger).execute(database).await.unwrap();
}

/// Has it take them again.
pub async fn take_results(database: &mut AnyConnection) {
    let end = if is_server() { "DROP FUNCTION no_room CASCADE" } else { "DROP TRIGGER refuse" };
    sqlx::raw_sql(end).execute(database).await.unwrap();
}

/// Keeps everybody else from writing until this connection says `ROLLBACK`; what was written can be read meanwhile.
pub async fn hold(database: &mut AnyConnection) {
    let begin =
        if is_server() { "BEGIN; LOCK TABLE message, delivery, mark IN EXCLUSIVE MODE" } else { "BEGIN IMMEDIATE" };
    sqlx::raw_sql(begin).execute(database).await.unwrap();
}
