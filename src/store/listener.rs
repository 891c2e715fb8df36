//! What other processes over one database want looked at at once. It is a hint: whoever hears nothing finds the same at its
//! next look.

use sqlx::Row;
use sqlx::postgres::PgListener;

use crate::config::ServerAddress;

use super::simulated::SimulatedListener;
use super::worker::CHANNEL;
use super::worker_connection::WorkerDatabase;
use super::{Doing, OpenError, Result, StoreStep};

/// What is being done where that fails.
const LISTENING: StoreStep = StoreStep::ListenToOthers;

/// Hears when another process has written something for a school.
#[derive(Debug)]
pub struct StoreListener(Heard);

#[derive(Debug)]
enum Heard {
    Server(ServerListener),
    Simulated(SimulatedListener),
}

#[derive(Debug)]
struct ServerListener {
    server: ServerAddress,
    listener: PgListener,
    /// What is said when it is about the school.
    word: String,
}

impl StoreListener {
    /// Begins to listen.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn connect(database: &WorkerDatabase, organisation: &str) -> Result<Self> {
        Ok(Self(match database.reached() {
            Ok(server) => Heard::Server(ServerListener::connect(server, organisation).await?),
            // One of a simulation has one school.
            Err(simulated) => Heard::Simulated(simulated.listen().await.doing(LISTENING)?),
        }))
    }

    /// Waits until something is new, or may have become so while the database could not be heard.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn next(&mut self) -> Result<()> {
        match &mut self.0 {
            Heard::Server(listener) => listener.next().await,
            Heard::Simulated(listener) => listener.next().await.doing(LISTENING),
        }
    }
}

impl ServerListener {
    async fn connect(server: &ServerAddress, organisation: &str) -> Result<Self> {
        let failed = |error| OpenError::of_server(server, error);
        let mut listener = PgListener::connect(server.with_password().as_str()).await.map_err(failed)?;
        listener.listen(CHANNEL).await.map_err(failed)?;
        let schema = sqlx::query("SELECT CAST(current_schema() AS TEXT)").fetch_one(&mut listener).await;
        let schema: String = schema.and_then(|row| row.try_get(0)).map_err(failed)?;
        Ok(Self { server: server.clone(), listener, word: format!("{schema}.{organisation}") })
    }

    async fn next(&mut self) -> Result<()> {
        loop {
            match self.listener.try_recv().await {
                Ok(Some(heard)) if heard.payload() == self.word => return Ok(()),
                Ok(Some(_)) => {}
                Ok(None) => return Ok(()),
                Err(error) => return Err(OpenError::of_server(&self.server, error).into()),
            }
        }
    }
}
